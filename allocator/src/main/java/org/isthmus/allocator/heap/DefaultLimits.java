package org.isthmus.allocator.heap;

import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.slab.SizeClasses;

/** The limits of a heap that nobody tunes. */
public final class DefaultLimits {
    private DefaultLimits() {}

    /** {@link HeapLimits#defaults} for the classes of the heap. */
    public static HeapLimits snapshot() {
        return HeapLimits.defaults(SizeClasses.blockBytes());
    }

    /** @throws IllegalArgumentException for limits that no heap can obey */
    static HeapLimits checked(HeapLimits limits) {
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            if (limits.stackCapacity().length < SizeClasses.COUNT || limits.refillBatch().length < SizeClasses.COUNT) {
                throw new IllegalArgumentException("limits have an entry for each of "
                        + SizeClasses.COUNT + " classes, got " + limits.stackCapacity().length
                        + " capacities and " + limits.refillBatch().length + " batches");
            }
            if (limits.stackCapacity()[c] < 1 || limits.refillBatch()[c] < 1) {
                throw new IllegalArgumentException("class " + c
                        + ": a stack's capacity and a refill are at least 1, got "
                        + limits.stackCapacity()[c] + " and " + limits.refillBatch()[c]);
            }
        }
        if (limits.flushBatch() < 1 || limits.retainedEmptySlabs() < 0 || !(limits.maxWaste() >= 1)
                || limits.zeroBytes() < 0) {
            throw new IllegalArgumentException("flush batch at least 1, retained slabs and zeroed bytes at least 0,"
                    + " waste at least 1; got " + limits);
        }
        return limits;
    }
}
