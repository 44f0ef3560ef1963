package org.isthmus.allocator.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LimitBoundsTest {
    private static final int[] BLOCK_BYTES = {64, 1024, 4096, 65536, 524288};
    private final HeapLimits defaults = HeapLimits.defaults(BLOCK_BYTES);
    private final LimitBounds bounds = new LimitBounds(defaults);

    @Test
    void defaultsKeepAMebibyteOfEachClass() {
        assertArrayEquals(new int[] {1024, 1024, 256, 16, 8}, defaults.stackCapacity());
        assertArrayEquals(new int[] {256, 64, 16, 1, 1}, defaults.refillBatch());
        assertEquals(0, defaults.generation());
        assertTrue(bounds.clamp(defaults).sameAs(defaults));
    }

    @Test
    void nothingGoesBeyondAQuarterAndFourTimes() {
        HeapLimits low =
                bounds.clamp(new HeapLimits(7, new int[5], new int[5], -3, 0, Double.NaN, 99, 0, Long.MIN_VALUE));
        assertArrayEquals(new int[] {256, 256, 64, 4, 2}, low.stackCapacity());
        assertArrayEquals(new int[] {64, 16, 4, 1, 1}, low.refillBatch());
        assertEquals(new HeapLimits(7, low.stackCapacity(), low.refillBatch(), 4, 1, 1, 0, 512 << 10, 2 << 20), low);
        int[] many = {Integer.MAX_VALUE, Integer.MAX_VALUE, 1 << 20, 1 << 20, 1 << 20};
        HeapLimits high = bounds.clamp(new HeapLimits(8, many, many, 1 << 20, 1 << 20, 1e9, 0, 1L << 40, 1L << 40));
        assertArrayEquals(new int[] {4096, 4096, 1024, 64, 32}, high.stackCapacity());
        assertArrayEquals(new int[] {1024, 256, 64, 4, 4}, high.refillBatch());
        assertEquals(new HeapLimits(8, high.stackCapacity(), high.refillBatch(), 64, 4, 4, 0, 8 << 20, 32 << 20), high);
    }

    @Test
    void aBatchNeverExceedsItsStack() {
        HeapLimits limits = bounds.clamp(
                defaults.withStacks(new int[] {256, 256, 64, 4, 2}, new int[] {1024, 64, 64, 4, 4}));
        assertArrayEquals(new int[] {256, 64, 64, 4, 2}, limits.refillBatch());
    }

    @Test
    void boundsOfTheLargestValuesDoNotOverflow() {
        HeapLimits never = defaults.withHugePageBytes(Long.MAX_VALUE).withReleaseBatchBytes(Long.MAX_VALUE);
        assertTrue(new LimitBounds(never).clamp(never).sameAs(never));
    }

    @Test
    void otherClassTableIsRefused() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> bounds.clamp(HeapLimits.defaults(new int[] {64})));
        assertTrue(e.getMessage().contains("5 size classes"), e.getMessage());
    }
}
