package org.isthmus.allocator;

/**
 * Blocks of segment memory that carry messages: allocated by their owner rank, freed by whichever rank consumed the
 * message.
 *
 * <p>Assumptions: {@link #allocate} is called by the owning rank's engine thread only; {@link #free} by any process.
 * Guarantees: a block is freed by one release store; a process killed at any instruction leaves each block either live
 * or free. Progress: wait-free, except for growing.
 */
public interface BlockAllocator {
    /** Returned by {@link #allocate} when the rank's share is used up: drive progress and try again. */
    long EXHAUSTED = 0;

    /**
     * Takes a block of at least {@code bytes}.
     *
     * @return the block's offset in the segment, a multiple of 64, or {@link #EXHAUSTED}
     */
    long allocate(int bytes);

    /** Gives back a block of any rank by its offset. Its contents must have been read before. */
    void free(long block);
}
