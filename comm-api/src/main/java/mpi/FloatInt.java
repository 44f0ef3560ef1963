package mpi;

/** A float value with an int index, laid over elements of {@link MPI#FLOAT_INT}; used as {@link MPI#floatInt}. */
public final class FloatInt extends Struct {
    private final int value;
    private final int index;

    /** Sizes and offset as C has them, in bytes. */
    protected FloatInt(int intOff, int intSize) {
        super(MPI.FLOAT_INT);
        checkSize("intSize", intSize, Integer.BYTES);
        value = addFloat();
        index = setOffset(intOff).addInt();
    }

    @Override
    protected Data newData() {
        return new Data();
    }

    /** A view of one pair in a buffer. */
    public final class Data extends Struct.Data {
        public float getValue() {
            return getFloat(value);
        }

        public int getIndex() {
            return getInt(index);
        }

        public void putValue(float v) {
            putFloat(value, v);
        }

        public void putIndex(int v) {
            putInt(index, v);
        }
    }
}
