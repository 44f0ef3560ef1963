package org.isthmus.allocator.policy;

/**
 * What a rank's heap counts, all on slow paths; monotonic. One entry per size class. Written by the owning thread
 * alone, read by others as they are (a torn sequence of reads is allowed: they are statistics).
 */
public final class HeapCounters {
    /** Times that the private stack was empty, and blocks that were put on it then. */
    public final long[] refills;

    public final long[] refilledBlocks;
    /** Times that pending remote frees were taken, and how many blocks they were. */
    public final long[] collects;

    public final long[] collectedBlocks;
    /** Slabs taken into use and given back. */
    public final long[] slabsOpened;

    public final long[] slabsClosed;
    /** Blocks pushed over the stack's capacity, and so sent back to their slabs. */
    public final long[] spilledBlocks;
    /** Requests that found no room at all. */
    public long exhausted;
    /** Batches of remote frees raised by this heap for others. */
    public long flushes;
    /** Bytes of slabs and runs that this heap owns. */
    public long ownedBytes;

    public HeapCounters(int classes) {
        refills = new long[classes];
        refilledBlocks = new long[classes];
        collects = new long[classes];
        collectedBlocks = new long[classes];
        slabsOpened = new long[classes];
        slabsClosed = new long[classes];
        spilledBlocks = new long[classes];
    }
}
