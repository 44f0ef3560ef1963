package mpi;

/** A short value with an int index, laid over elements of {@link MPI#SHORT_INT}; used as {@link MPI#shortInt}. */
public final class ShortInt extends Struct {
    private final int value;
    private final int index;

    /** Sizes and offset as C has them, in bytes. */
    protected ShortInt(int shortSize, int intOff, int intSize) {
        super(MPI.SHORT_INT);
        checkSize("shortSize", shortSize, Short.BYTES);
        checkSize("intSize", intSize, Integer.BYTES);
        value = addShort();
        index = setOffset(intOff).addInt();
    }

    @Override
    protected Data newData() {
        return new Data();
    }

    /** A view of one pair in a buffer. */
    public final class Data extends Struct.Data {
        public short getValue() {
            return getShort(value);
        }

        public int getIndex() {
            return getInt(index);
        }

        public void putValue(short v) {
            putShort(value, v);
        }

        public void putIndex(int v) {
            putInt(index, v);
        }
    }
}
