package org.isthmus.comm.topology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DimsTest {
    private static int[] balance(int nodes, int... dims) {
        Dims.balance(nodes, dims);
        return dims;
    }

    private static void refused(int errorClass, String part, int nodes, int... dims) {
        int[] before = dims == null ? null : dims.clone();
        CommException e = assertThrows(CommException.class, () -> Dims.balance(nodes, dims));
        assertEquals(errorClass, e.errorClass());
        assertTrue(e.getMessage().contains(part), e.getMessage());
        assertArrayEquals(before, dims);
    }

    @Test
    void asEvenAsCanBe() {
        assertArrayEquals(new int[] {3, 2}, balance(6, 0, 0));
        assertArrayEquals(new int[] {7, 1}, balance(7, 0, 0));
        assertArrayEquals(new int[] {4, 3, 2}, balance(24, 0, 0, 0));
        assertArrayEquals(new int[] {16, 16, 16}, balance(4096, 0, 0, 0));
        assertArrayEquals(new int[] {6, 6}, balance(36, 0, 0));
        assertArrayEquals(new int[] {1, 1, 1, 1}, balance(1, 0, 0, 0, 0));
        assertArrayEquals(new int[] {12, 9}, balance(108, 0, 0));
    }

    @Test
    void givenEntriesStay() {
        assertArrayEquals(new int[] {2, 3, 1}, balance(6, 0, 3, 0));
        assertArrayEquals(new int[] {6}, balance(6, 6));
        assertArrayEquals(new int[] {}, balance(1));
        assertArrayEquals(new int[] {3, 2, 2}, balance(12, 0, 2, 0));
    }

    @Test
    void primesAndHugeNumbersEnd() {
        assertArrayEquals(new int[] {Integer.MAX_VALUE, 1, 1}, balance(Integer.MAX_VALUE, 0, 0, 0));
        int[] dims = balance(1 << 30, new int[12]);
        assertEquals(1 << 30, Arrays.stream(dims).reduce(1, (a, b) -> a * b));
        assertEquals(8, dims[0]);
        assertArrayEquals(new int[] {14957, 14926}, balance(14957 * 14926, 0, 0));
    }

    @Test
    void wrongArguments() {
        refused(ErrorClass.DIMS, "nnodes is 7", 7, 2, 0);
        refused(ErrorClass.DIMS, "nnodes is 7", 7, 7, 2);
        refused(ErrorClass.DIMS, "nnodes is 0", 0, 0);
        refused(ErrorClass.DIMS, "dims[1] is -1", 4, 0, -1);
        refused(ErrorClass.DIMS, "the product", 4, 1 << 20, 1 << 20, 1 << 20);
        refused(ErrorClass.ARG, "dims is null", 4, (int[]) null);
    }
}
