package mpi;

/** A long value with an int index, laid over elements of {@link MPI#LONG_INT}; used as {@link MPI#longInt}. */
public final class LongInt extends Struct {
    private final int value;
    private final int index;

    /** Sizes and offset as C has them, in bytes. */
    protected LongInt(int longSize, int intOff, int intSize) {
        super(MPI.LONG_INT);
        checkSize("longSize", longSize, Long.BYTES);
        checkSize("intSize", intSize, Integer.BYTES);
        value = addLong();
        index = setOffset(intOff).addInt();
    }

    @Override
    protected Data newData() {
        return new Data();
    }

    /** A view of one pair in a buffer. */
    public final class Data extends Struct.Data {
        public long getValue() {
            return getLong(value);
        }

        public int getIndex() {
            return getInt(index);
        }

        public void putValue(long v) {
            putLong(value, v);
        }

        public void putIndex(int v) {
            putInt(index, v);
        }
    }
}
