package mpi;

/** An int value with an int index, laid over elements of {@link MPI#INT2}; used as {@link MPI#int2}. */
public final class Int2 extends Struct {
    private final int value;
    private final int index;

    /** Sizes and offset as C has them, in bytes. */
    protected Int2(int intOff, int intSize) {
        super(MPI.INT2);
        checkSize("intSize", intSize, Integer.BYTES);
        value = addInt();
        index = setOffset(intOff).addInt();
    }

    @Override
    protected Data newData() {
        return new Data();
    }

    /** A view of one pair in a buffer. */
    public final class Data extends Struct.Data {
        public int getValue() {
            return getInt(value);
        }

        public int getIndex() {
            return getInt(index);
        }

        public void putValue(int v) {
            putInt(value, v);
        }

        public void putIndex(int v) {
            putInt(index, v);
        }
    }
}
