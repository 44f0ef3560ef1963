package mpi;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.util.Objects;

/**
 * A view of a complex number in an array or buffer, as elements of {@link MPI#DOUBLE_COMPLEX} lie there: real part,
 * then imaginary part. One thread at a time. No call needs a session.
 */
public final class DoubleComplex {
    private final DoubleBuffer buffer;

    /** Of the real part, in doubles. */
    private final int offset;

    private DoubleComplex(DoubleBuffer buffer, int index) {
        if (index < 0 || index >= buffer.limit() / 2) {
            throw new IndexOutOfBoundsException("index is " + index + "; it must be 0 or more and less than "
                    + buffer.limit() / 2 + ", the complex numbers in the buffer");
        }
        this.buffer = buffer;
        this.offset = 2 * index;
    }

    /** The first number in {@code buffer}. */
    public static DoubleComplex get(DoubleBuffer buffer) {
        return get(buffer, 0);
    }

    /** Number {@code index} in {@code buffer}. */
    public static DoubleComplex get(DoubleBuffer buffer, int index) {
        return new DoubleComplex(Objects.requireNonNull(buffer, "buffer is null"), index);
    }

    /** The first number in {@code array}. */
    public static DoubleComplex get(double[] array) {
        return get(array, 0);
    }

    /** Number {@code index} in {@code array}. */
    public static DoubleComplex get(double[] array, int index) {
        return new DoubleComplex(DoubleBuffer.wrap(Objects.requireNonNull(array, "array is null")), index);
    }

    /** The first number from the position of {@code buffer} on, in its byte order. */
    public static DoubleComplex get(ByteBuffer buffer) {
        return get(buffer, 0);
    }

    /** Number {@code index} from the position of {@code buffer} on, in its byte order. */
    public static DoubleComplex get(ByteBuffer buffer, int index) {
        return new DoubleComplex(Objects.requireNonNull(buffer, "buffer is null").asDoubleBuffer(), index);
    }

    public double getReal() {
        return buffer.get(offset);
    }

    public double getImag() {
        return buffer.get(offset + 1);
    }

    public void putReal(double real) {
        buffer.put(offset, real);
    }

    public void putImag(double imag) {
        buffer.put(offset + 1, imag);
    }

    /** The buffer from this number on, for use in messages; for the first one the buffer itself. */
    public DoubleBuffer getBuffer() {
        return offset == 0 ? buffer : MPI.slice(buffer, offset);
    }
}
