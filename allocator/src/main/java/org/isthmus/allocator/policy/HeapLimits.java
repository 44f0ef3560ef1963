package org.isthmus.allocator.policy;

import java.util.Arrays;

/**
 * What the slow paths of a rank's heap obey: one frozen snapshot. Hit paths never read it.
 *
 * <p>Arrays have one entry per size class and are not to be changed. Any thread may read.
 *
 * @param generation grows with each snapshot; logged with every measurement
 * @param stackCapacity most free blocks that the heap's private stack of a class keeps
 * @param refillBatch blocks that a refill of a class puts on its stack
 * @param flushBatch remote frees that a freer gathers before it raises pending bits
 * @param retainedEmptySlabs empty slabs of a class that a heap keeps before it gives them back
 * @param maxWaste a request may take a block of another class up to this many times its size; 1 for its own class only
 * @param zeroBytes how much of a block is cleared on allocation: 0 nothing, {@link Integer#MAX_VALUE} all
 * @param hugePageBytes runs of at least this size ask for huge pages
 * @param releaseBatchBytes freed runs are given back to the kernel once this many bytes have gathered
 */
public record HeapLimits(long generation, int[] stackCapacity, int[] refillBatch, int flushBatch,
        int retainedEmptySlabs, double maxWaste, int zeroBytes, long hugePageBytes, long releaseBatchBytes) {
    private static final int STACK_BYTES = 1 << 20;
    private static final int MIN_CAPACITY = 8;
    private static final int MAX_CAPACITY = 1024;
    private static final int REFILL_BYTES = 64 << 10;
    private static final int MAX_REFILL = 256;
    private static final int FLUSH_BATCH = 16;
    private static final long HUGE_PAGE_BYTES = 2L << 20;
    private static final long RELEASE_BATCH_BYTES = 8L << 20;

    /**
     * The limits of a heap that nobody has tuned, generation 0: up to a mebibyte of free blocks for each class,
     * refilled 64 KiB at a time, one empty slab kept; blocks of the own class only; nothing cleared.
     *
     * @param blockBytes block size of each size class, ascending
     */
    public static HeapLimits defaults(int[] blockBytes) {
        int[] capacity = new int[blockBytes.length];
        int[] batch = new int[blockBytes.length];
        for (int i = 0; i < blockBytes.length; i++) {
            capacity[i] = Math.clamp(STACK_BYTES / blockBytes[i], MIN_CAPACITY, MAX_CAPACITY);
            batch[i] = Math.clamp(REFILL_BYTES / blockBytes[i], 1, MAX_REFILL);
        }
        return new HeapLimits(0, capacity, batch, FLUSH_BATCH, 1, 1, 0, HUGE_PAGE_BYTES, RELEASE_BATCH_BYTES);
    }

    /** These limits under another generation. */
    public HeapLimits withGeneration(long number) {
        return new HeapLimits(number, stackCapacity, refillBatch, flushBatch, retainedEmptySlabs, maxWaste, zeroBytes,
                hugePageBytes, releaseBatchBytes);
    }

    /** These limits with other stacks and batches; arrays are taken over. */
    public HeapLimits withStacks(int[] capacities, int[] batches) {
        return new HeapLimits(generation, capacities, batches, flushBatch, retainedEmptySlabs, maxWaste, zeroBytes,
                hugePageBytes, releaseBatchBytes);
    }

    /** These limits with another bound on borrowing from other classes. */
    public HeapLimits withMaxWaste(double waste) {
        return new HeapLimits(generation, stackCapacity, refillBatch, flushBatch, retainedEmptySlabs, waste, zeroBytes,
                hugePageBytes, releaseBatchBytes);
    }

    /** These limits with another amount of bytes cleared. */
    public HeapLimits withZeroBytes(int bytes) {
        return new HeapLimits(generation, stackCapacity, refillBatch, flushBatch, retainedEmptySlabs, maxWaste, bytes,
                hugePageBytes, releaseBatchBytes);
    }

    /** These limits with another threshold of huge pages. */
    public HeapLimits withHugePageBytes(long bytes) {
        return new HeapLimits(generation, stackCapacity, refillBatch, flushBatch, retainedEmptySlabs, maxWaste,
                zeroBytes, bytes, releaseBatchBytes);
    }

    /** These limits with another batch of freed bytes. */
    public HeapLimits withReleaseBatchBytes(long bytes) {
        return new HeapLimits(generation, stackCapacity, refillBatch, flushBatch, retainedEmptySlabs, maxWaste,
                zeroBytes, hugePageBytes, bytes);
    }

    /** Whether all but the generation is equal. */
    public boolean sameAs(HeapLimits other) {
        return Arrays.equals(stackCapacity, other.stackCapacity) && Arrays.equals(refillBatch, other.refillBatch)
                && flushBatch == other.flushBatch && retainedEmptySlabs == other.retainedEmptySlabs
                && maxWaste == other.maxWaste && zeroBytes == other.zeroBytes && hugePageBytes == other.hugePageBytes
                && releaseBatchBytes == other.releaseBatchBytes;
    }
}
