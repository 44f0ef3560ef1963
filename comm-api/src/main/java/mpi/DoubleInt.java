package mpi;

/** A double value with an int index, laid over elements of {@link MPI#DOUBLE_INT}; used as {@link MPI#doubleInt}. */
public final class DoubleInt extends Struct {
    private final int value;
    private final int index;

    /** Sizes and offset as C has them, in bytes. */
    protected DoubleInt(int intOff, int intSize) {
        super(MPI.DOUBLE_INT);
        checkSize("intSize", intSize, Integer.BYTES);
        value = addDouble();
        index = setOffset(intOff).addInt();
    }

    @Override
    protected Data newData() {
        return new Data();
    }

    /** A view of one pair in a buffer. */
    public final class Data extends Struct.Data {
        public double getValue() {
            return getDouble(value);
        }

        public int getIndex() {
            return getInt(index);
        }

        public void putValue(double v) {
            putDouble(value, v);
        }

        public void putIndex(int v) {
            putInt(index, v);
        }
    }
}
