package mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Views of complex numbers; they need no session. */
class ComplexTest {
    private static void assertNamed(Class<? extends RuntimeException> type, String message, Executable call) {
        assertEquals(message, assertThrows(type, call).getMessage());
    }

    @Test
    void doublesInArraysAndBuffers() {
        double[] array = {1, 2, 3, 4};
        ByteBuffer bytes = ByteBuffer.allocateDirect(32).order(ByteOrder.nativeOrder());
        DoubleBuffer doubles = bytes.asDoubleBuffer().put(0, array);
        DoubleComplex[] first = {DoubleComplex.get(array), DoubleComplex.get(doubles), DoubleComplex.get(bytes)};
        DoubleComplex[] second = {DoubleComplex.get(array, 1), DoubleComplex.get(doubles, 1),
            DoubleComplex.get(bytes, 1)};
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(new double[] {1, 2, 3, 4}, new double[] {first[i].getReal(), first[i].getImag(),
                second[i].getReal(), second[i].getImag()});
            assertEquals(3, second[i].getBuffer().get(0));
            assertEquals(2, second[i].getBuffer().capacity());
        }
        assertSame(doubles, first[1].getBuffer());
        second[0].putReal(-3);
        second[0].putImag(-4);
        first[2].putReal(-1);
        first[2].putImag(-2);
        assertArrayEquals(new double[] {1, 2, -3, -4}, array);
        assertEquals(-1, doubles.get(0));
        assertEquals(-2, bytes.getDouble(8));
    }

    @Test
    void floatsInArraysAndBuffers() {
        float[] array = {1, 2, 3, 4};
        ByteBuffer bytes = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        FloatBuffer floats = bytes.asFloatBuffer().put(0, array);
        FloatComplex[] first = {FloatComplex.get(array), FloatComplex.get(floats), FloatComplex.get(bytes)};
        FloatComplex[] second = {FloatComplex.get(array, 1), FloatComplex.get(floats, 1), FloatComplex.get(bytes, 1)};
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(new float[] {1, 2, 3, 4}, new float[] {first[i].getReal(), first[i].getImag(),
                second[i].getReal(), second[i].getImag()});
            assertEquals(3, second[i].getBuffer().get(0));
            assertEquals(2, second[i].getBuffer().capacity());
        }
        assertSame(floats, first[1].getBuffer());
        second[0].putReal(-3);
        second[0].putImag(-4);
        first[2].putReal(-1);
        first[2].putImag(-2);
        assertArrayEquals(new float[] {1, 2, -3, -4}, array);
        assertEquals(-1, floats.get(0));
        assertEquals(-2, bytes.getFloat(4));
    }

    @Test
    void aWrongIndexIsNamed() {
        String two = "index is 2; it must be 0 or more and less than 2, the complex numbers in the buffer";
        String none = "index is 0; it must be 0 or more and less than 0, the complex numbers in the buffer";
        Class<IndexOutOfBoundsException> error = IndexOutOfBoundsException.class;
        assertNamed(error, two, () -> DoubleComplex.get(new double[5], 2));
        assertNamed(error, two, () -> DoubleComplex.get(DoubleBuffer.allocate(5), 2));
        assertNamed(error, two, () -> DoubleComplex.get(ByteBuffer.allocate(40), 2));
        assertNamed(error, none, () -> DoubleComplex.get(new double[1]));
        assertNamed(error, none, () -> DoubleComplex.get(DoubleBuffer.allocate(1)));
        assertNamed(error, none, () -> DoubleComplex.get(ByteBuffer.allocate(15)));
        assertNamed(error, two, () -> FloatComplex.get(new float[5], 2));
        assertNamed(error, two, () -> FloatComplex.get(FloatBuffer.allocate(5), 2));
        assertNamed(error, two, () -> FloatComplex.get(ByteBuffer.allocate(20), 2));
        assertNamed(error, none, () -> FloatComplex.get(new float[1]));
        assertNamed(error, none, () -> FloatComplex.get(FloatBuffer.allocate(1)));
        assertNamed(error, none, () -> FloatComplex.get(ByteBuffer.allocate(7)));
        assertThrows(error, () -> FloatComplex.get(new float[4], -1));
        assertThrows(error, () -> DoubleComplex.get(new double[4], Integer.MIN_VALUE));
    }

    @Test
    void nothingToReadIsNamed() {
        Class<NullPointerException> error = NullPointerException.class;
        assertNamed(error, "array is null", () -> DoubleComplex.get((double[]) null));
        assertNamed(error, "buffer is null", () -> DoubleComplex.get((DoubleBuffer) null));
        assertNamed(error, "buffer is null", () -> DoubleComplex.get((ByteBuffer) null));
        assertNamed(error, "array is null", () -> FloatComplex.get((float[]) null));
        assertNamed(error, "buffer is null", () -> FloatComplex.get((FloatBuffer) null));
        assertNamed(error, "buffer is null", () -> FloatComplex.get((ByteBuffer) null));
    }

    @Test
    void readOnlyBuffersAreNotWritten() {
        DoubleComplex d = DoubleComplex.get(DoubleBuffer.allocate(2).asReadOnlyBuffer());
        FloatComplex f = FloatComplex.get(FloatBuffer.allocate(2).asReadOnlyBuffer());
        Class<ReadOnlyBufferException> error = ReadOnlyBufferException.class;
        assertThrows(error, () -> d.putReal(1));
        assertThrows(error, () -> d.putImag(1));
        assertThrows(error, () -> f.putReal(1));
        assertThrows(error, () -> f.putImag(1));
        assertEquals(0, d.getReal() + f.getImag());
    }
}
