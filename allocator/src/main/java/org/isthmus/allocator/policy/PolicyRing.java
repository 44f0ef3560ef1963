package org.isthmus.allocator.policy;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Limits on their way from the one process that learns to the heaps of all ranks, through shared memory (layout:
 * {@link PolicyRingDescriptor}).
 *
 * <p>Assumptions: one process publishes at a time, from one thread; any number read. Guarantees: a reader gets one
 * whole snapshot, never parts of two; a writer killed at any instruction has published its snapshot or not; its
 * successor goes on from the sequence number. Progress: publishing is wait-free; a reader repeats only if three
 * snapshots were published while it copied one.
 *
 * <p>Invariants: (1) snapshot number {@code sequence} is whole; (2) the writer changes only snapshot
 * {@code sequence + 1}, which lies where {@code sequence - 3} was; (3) so what a reader began to copy at number s is
 * whole if the number is still below s + 3 afterwards.
 */
public final class PolicyRing {
    private static final VarHandle SEQUENCE = JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final int REUSED_AFTER = PolicyRingDescriptor.SNAPSHOTS - 1;

    private final MemorySegment ring;
    private final LimitBounds bounds;
    private long seen;
    private HeapLimits current;

    /**
     * A view of the ring, for one thread.
     *
     * @param ring {@link PolicyRingDescriptor#BYTES} bytes of shared memory, zeroed by the segment's creator
     * @param bounds of this process; what is read is brought into them
     */
    public PolicyRing(MemorySegment ring, LimitBounds bounds) {
        if (ring.byteSize() < PolicyRingDescriptor.BYTES || bounds.classes() > PolicyRingDescriptor.MAX_CLASSES) {
            throw new IllegalArgumentException("a policy ring needs " + PolicyRingDescriptor.BYTES
                    + " bytes and at most " + PolicyRingDescriptor.MAX_CLASSES + " size classes, got "
                    + ring.byteSize() + " bytes and " + bounds.classes() + " classes");
        }
        this.ring = ring;
        this.bounds = bounds;
        this.current = bounds.defaults();
    }

    /**
     * The newest limits, or the defaults before any were published. One load when nothing is new. For slow paths.
     *
     * @throws IllegalStateException when the snapshot was written for another number of size classes
     */
    public HeapLimits current() {
        long sequence = sequenceAcquire();
        while (sequence != seen) {
            HeapLimits copy = read(PolicyRingDescriptor.snapshot(sequence));
            VarHandle.acquireFence(); // SYNC(policy.reuse): the copy came before the look at the number
            long after = sequenceAcquire();
            if (after - sequence < REUSED_AFTER) { // inv. 3
                if (copy == null) {
                    throw new IllegalStateException("the policy snapshot in shared memory is not for the "
                            + bounds.classes() + " size classes of this process");
                }
                current = bounds.clamp(copy);
                seen = sequence;
                return current;
            }
            sequence = after;
        }
        return current;
    }

    /** Publishes a snapshot. By the one learning process only. */
    public void publish(HeapLimits limits) {
        long next = fill(bounds.clamp(limits));
        // SYNC(policy.publish): the snapshot is whole
        SEQUENCE.setRelease(ring, PolicyRingDescriptor.SEQUENCE_OFFSET, next);
    }

    /** Writes the next snapshot without publishing it; returns its number. */
    long fill(HeapLimits limits) {
        long next = (long) SEQUENCE.get(ring, PolicyRingDescriptor.SEQUENCE_OFFSET) + 1;
        VarHandle.releaseFence(); // SYNC(policy.reuse): whoever sees these stores sees the last number, too
        long at = PolicyRingDescriptor.snapshot(next);
        ring.set(JAVA_LONG, at + PolicyRingDescriptor.GENERATION_OFFSET, limits.generation());
        ring.set(JAVA_INT, at + PolicyRingDescriptor.CLASSES_OFFSET, limits.stackCapacity().length);
        ring.set(JAVA_INT, at + PolicyRingDescriptor.FLUSH_BATCH_OFFSET, limits.flushBatch());
        ring.set(JAVA_INT, at + PolicyRingDescriptor.RETAINED_SLABS_OFFSET, limits.retainedEmptySlabs());
        ring.set(JAVA_INT, at + PolicyRingDescriptor.ZERO_BYTES_OFFSET, limits.zeroBytes());
        ring.set(JAVA_DOUBLE, at + PolicyRingDescriptor.MAX_WASTE_OFFSET, limits.maxWaste());
        ring.set(JAVA_LONG, at + PolicyRingDescriptor.HUGE_PAGE_BYTES_OFFSET, limits.hugePageBytes());
        ring.set(JAVA_LONG, at + PolicyRingDescriptor.RELEASE_BATCH_BYTES_OFFSET, limits.releaseBatchBytes());
        for (int i = 0; i < limits.stackCapacity().length; i++) {
            ring.set(JAVA_INT, at + PolicyRingDescriptor.capacity(i), limits.stackCapacity()[i]);
            ring.set(JAVA_INT, at + PolicyRingDescriptor.batch(i), limits.refillBatch()[i]);
        }
        return next;
    }

    /** What lies at {@code at}, perhaps torn; null if it has another number of classes than this process. */
    private HeapLimits read(long at) {
        int classes = bounds.classes();
        if (ring.get(JAVA_INT, at + PolicyRingDescriptor.CLASSES_OFFSET) != classes) {
            return null;
        }
        int[] capacity = new int[classes];
        int[] batch = new int[classes];
        for (int i = 0; i < classes; i++) {
            capacity[i] = ring.get(JAVA_INT, at + PolicyRingDescriptor.capacity(i));
            batch[i] = ring.get(JAVA_INT, at + PolicyRingDescriptor.batch(i));
        }
        return new HeapLimits(ring.get(JAVA_LONG, at + PolicyRingDescriptor.GENERATION_OFFSET), capacity, batch,
                ring.get(JAVA_INT, at + PolicyRingDescriptor.FLUSH_BATCH_OFFSET),
                ring.get(JAVA_INT, at + PolicyRingDescriptor.RETAINED_SLABS_OFFSET),
                ring.get(JAVA_DOUBLE, at + PolicyRingDescriptor.MAX_WASTE_OFFSET),
                ring.get(JAVA_INT, at + PolicyRingDescriptor.ZERO_BYTES_OFFSET),
                ring.get(JAVA_LONG, at + PolicyRingDescriptor.HUGE_PAGE_BYTES_OFFSET),
                ring.get(JAVA_LONG, at + PolicyRingDescriptor.RELEASE_BATCH_BYTES_OFFSET));
    }

    /** SYNC(policy.publish): what lies under this number may be read. */
    private long sequenceAcquire() {
        return (long) SEQUENCE.getAcquire(ring, PolicyRingDescriptor.SEQUENCE_OFFSET);
    }
}
