package org.isthmus.allocator.heap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;
import org.isthmus.allocator.policy.HeapCounters;
import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.policy.LimitBounds;
import org.isthmus.allocator.policy.PolicyLearner;
import org.isthmus.allocator.policy.PolicyRing;
import org.isthmus.allocator.policy.PolicyRingDescriptor;
import org.isthmus.allocator.policy.SizeHistogram;
import org.isthmus.allocator.slab.SizeClasses;

/**
 * One heap's part in the learning of its node: shows its counters to the one process that learns, and obeys the newest
 * limits. One of them may learn as well.
 *
 * <pre>
 *      0 +----------------------------------+
 *        | ring of limits                   |  {@link PolicyRingDescriptor}; written by the learner
 *   4096 +----------------------------------+
 *        | ring of limits of the canaries   |  likewise
 *   8192 +----------------------------------+  4 KiB for each heap
 *        | counters : int64[7][65], int64[3]|  each heap its own, plain: statistics, which may be torn
 *        +----------------------------------+
 * </pre>
 *
 * One thread, that of the heap. Called now and then, never on a hit path.
 */
public final class NodePolicy {
    private static final int COUNTERS_BYTES = 4096;
    private static final long COUNTERS_OFFSET = 2L * PolicyRingDescriptor.BYTES;

    private final MemorySegment memory;
    private final RankHeap heap;
    private final int index;
    private final PolicyRing ring;
    private final LimitBounds bounds;
    private final int heaps;
    private HeapLimits obeyed;
    private PolicyLearner learner;
    private List<HeapCounters> copies;
    private long windowNanos;
    private long windowStart;

    /**
     * @param memory {@link #bytes} of shared memory, zeroed by whoever made it
     * @param heaps heaps that have a part
     * @param index of this one
     */
    public NodePolicy(MemorySegment memory, int heaps, RankHeap heap, int index, LimitBounds bounds) {
        this.memory = memory;
        this.heaps = heaps;
        this.heap = heap;
        this.index = index;
        this.bounds = bounds;
        this.ring = ring(PolicyLearner.isCanary(index));
        this.obeyed = ring.current();
    }

    /** Shared memory that the heaps of a node need to learn. */
    public static long bytes(int heaps) {
        return COUNTERS_OFFSET + (long) heaps * COUNTERS_BYTES;
    }

    private PolicyRing ring(boolean canaries) {
        return new PolicyRing(
                memory.asSlice(canaries ? PolicyRingDescriptor.BYTES : 0, PolicyRingDescriptor.BYTES), bounds);
    }

    /** Makes this the one process that learns. */
    public void learn(PolicyLearner.Options options, long nowNanos) {
        copies = Stream.generate(() -> new HeapCounters(SizeClasses.COUNT + 1)).limit(heaps).toList();
        windowNanos = options.windowNanos();
        windowStart = nowNanos;
        SizeHistogram requests = heap.requests();
        learner = new PolicyLearner(options, SizeClasses.blockBytes(), bounds, heap.limits(), copies, requests,
                ring(false)::publish, ring(true)::publish, nowNanos);
    }

    /** Shows the counters, learns if that is this heap's task and a window is over, and obeys what is new. */
    public void poll(long nowNanos) {
        each(heap.counters(), index, true);
        if (learner != null && nowNanos - windowStart >= windowNanos) {
            windowStart = nowNanos;
            for (int i = 0; i < heaps; i++) {
                each(copies.get(i), i, false);
            }
            learner.poll(nowNanos);
        }
        HeapLimits newest = ring.current();
        if (newest != obeyed) {
            obeyed = newest;
            heap.setLimits(newest);
        }
    }

    /** Writes the counters of a heap to the shared memory, or reads them from there. */
    private void each(HeapCounters counters, int of, boolean write) {
        long at = COUNTERS_OFFSET + (long) of * COUNTERS_BYTES;
        for (long[] row : List.of(counters.refills, counters.refilledBlocks, counters.collects,
                counters.collectedBlocks, counters.slabsOpened, counters.slabsClosed, counters.spilledBlocks)) {
            if (write) {
                MemorySegment.copy(row, 0, memory, ValueLayout.JAVA_LONG, at, row.length);
            } else {
                MemorySegment.copy(memory, ValueLayout.JAVA_LONG, at, row, 0, row.length);
            }
            at += (long) row.length * Long.BYTES;
        }
        if (write) {
            memory.set(ValueLayout.JAVA_LONG, at, counters.exhausted);
            memory.set(ValueLayout.JAVA_LONG, at + 8, counters.flushes);
            memory.set(ValueLayout.JAVA_LONG, at + 16, counters.ownedBytes);
        } else {
            counters.exhausted = memory.get(ValueLayout.JAVA_LONG, at);
            counters.flushes = memory.get(ValueLayout.JAVA_LONG, at + 8);
            counters.ownedBytes = memory.get(ValueLayout.JAVA_LONG, at + 16);
        }
    }
}
