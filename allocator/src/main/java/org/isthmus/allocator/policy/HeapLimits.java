package org.isthmus.allocator.policy;

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
        int retainedEmptySlabs, double maxWaste, int zeroBytes, long hugePageBytes, long releaseBatchBytes) {}
