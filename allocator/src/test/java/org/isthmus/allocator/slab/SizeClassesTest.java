package org.isthmus.allocator.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SizeClassesTest {
    @Test
    void everySizeGetsTheSmallestClassThatHoldsIt() {
        int expected = 0;
        for (int bytes = 1; bytes <= SizeClasses.MAX_BYTES; bytes++) {
            if (bytes > SizeClasses.bytes(expected)) {
                expected++;
            }
            assertEquals(expected, SizeClasses.of(bytes), bytes + " bytes");
        }
        assertEquals(SizeClasses.COUNT - 1, expected);
    }

    @Test
    void tableHasFourForEachDoublingAndEveryPowerOfTwoPlus64() {
        for (int k = 6; k <= 20; k++) {
            assertEquals((1 << k) + 64, SizeClasses.bytes(SizeClasses.of((1 << k) + 64)), "2^" + k + " + 64");
            for (int quarter = 4; quarter <= 8 && k >= 8 && k < 20; quarter++) {
                int size = (1 << k - 2) * quarter;
                assertEquals(size, SizeClasses.bytes(SizeClasses.of(size)), "quarters of 2^" + k);
            }
        }
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            assertEquals(0, SizeClasses.bytes(c) % 64, "class " + c);
        }
    }

    @Test
    void slabsOfATierHoldTheirBlocks() {
        for (int c = 0; c <= SizeClasses.BIG; c++) {
            int capacity = SizeClasses.capacity(c);
            assertTrue(capacity >= 1 && capacity <= 1024, "class " + c + ": " + capacity);
            if (c < SizeClasses.BIG) {
                int slab = SizeClasses.slices(c) * SizeClasses.SLICE_BYTES;
                assertTrue(capacity * SizeClasses.bytes(c) <= slab, "class " + c);
                assertTrue((capacity + 1) * SizeClasses.bytes(c) > slab, "class " + c);
            }
        }
        assertEquals(1, SizeClasses.slices(SizeClasses.of(2048)));
        assertEquals(8, SizeClasses.slices(SizeClasses.of(2049)));
        assertEquals(8, SizeClasses.slices(SizeClasses.of(65536)));
        assertEquals(32, SizeClasses.slices(SizeClasses.of(65537)));
        assertEquals(1, SizeClasses.superpages(1));
        assertEquals(1, SizeClasses.superpages(2 << 20));
        assertEquals(2, SizeClasses.superpages((2 << 20) + 1));
    }

    /** Bytes lost inside blocks, for sizes of 64 B to 1 MiB. */
    @Test
    void internalFragmentationStaysInItsBounds() {
        for (int k = 6; k <= 20; k++) {
            assertEquals(0, SizeClasses.bytes(SizeClasses.of((1 << k) + 64)) - ((1 << k) + 64));
        }
        Random random = new Random(1);
        double lost = 0;
        int samples = 200_000;
        for (int i = 0; i < samples; i++) {
            int bytes = (int) (64 * Math.pow(2, random.nextDouble() * 14));
            lost += 1 - (double) bytes / SizeClasses.bytes(SizeClasses.of(bytes));
        }
        assertTrue(lost / samples <= 0.11, "log-uniform: " + lost / samples);
    }
}
