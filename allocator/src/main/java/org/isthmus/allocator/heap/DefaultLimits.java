package org.isthmus.allocator.heap;

import java.util.Arrays;
import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.slab.SizeClasses;

/** The limits of a heap that nobody tunes. */
public final class DefaultLimits {
    private static final int STACK_BYTES = 1 << 20;
    private static final int REFILL_BYTES = SizeClasses.SLICE_BYTES;
    private static final int FLUSH_BATCH = 16;

    private DefaultLimits() {}

    /** A megabyte of each class on its stack, a slice's worth in one refill, one empty slab kept. */
    public static HeapLimits snapshot() {
        int[] capacity = new int[SizeClasses.COUNT];
        int[] batch = new int[SizeClasses.COUNT];
        Arrays.setAll(capacity, c -> Math.clamp(STACK_BYTES / SizeClasses.bytes(c), 8, 1024));
        Arrays.setAll(batch, c -> Math.clamp(REFILL_BYTES / SizeClasses.bytes(c), 1, 256));
        return new HeapLimits(0, capacity, batch, FLUSH_BATCH, 1, 1.0, 0, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** @throws IllegalArgumentException for limits that no heap can obey */
    static HeapLimits checked(HeapLimits limits) {
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            if (limits.stackCapacity().length < SizeClasses.COUNT || limits.refillBatch().length < SizeClasses.COUNT) {
                throw new IllegalArgumentException("limits have an entry for each of " + SizeClasses.COUNT + " classes, got "
                        + limits.stackCapacity().length + " capacities and " + limits.refillBatch().length + " batches");
            }
            if (limits.stackCapacity()[c] < 1 || limits.refillBatch()[c] < 1) {
                throw new IllegalArgumentException("class " + c + ": a stack's capacity and a refill are at least 1, got "
                        + limits.stackCapacity()[c] + " and " + limits.refillBatch()[c]);
            }
        }
        if (limits.flushBatch() < 1 || limits.retainedEmptySlabs() < 0 || !(limits.maxWaste() >= 1) || limits.zeroBytes() < 0) {
            throw new IllegalArgumentException("flush batch at least 1, retained slabs and zeroed bytes at least 0, waste at"
                    + " least 1; got " + limits);
        }
        return limits;
    }
}
