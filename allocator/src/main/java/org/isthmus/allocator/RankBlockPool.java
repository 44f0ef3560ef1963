package org.isthmus.allocator;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.isthmus.allocator.segment.SegmentFullException;

/**
 * One rank's message blocks: power-of-two size classes, each a private stack of free blocks and a queue of blocks that
 * are on their way, carved from extents of the node pool.
 *
 * <p>A block given away comes back by its state word alone ({@link BlockDescriptor}); the owner looks at the oldest ones
 * first, which is the order in which receivers finish with them. The pool grows up to a limit, then answers
 * {@link BlockAllocator#EXHAUSTED}; but each class gets its first extent even beyond the limit, so that blocks of one size
 * cannot lock out another size for ever.
 *
 * <p>Invariants: (1) every block is in exactly one of: a free stack, an in-flight queue; (2) only blocks whose state is
 * FREE leave an in-flight queue. Owned by the engine thread of one rank; only {@link #free} may be called for blocks of
 * other ranks.
 */
public final class RankBlockPool implements BlockAllocator {
    private static final int MIN_SHIFT = 11;
    private static final int MAX_SHIFT = 20;
    private static final int EXTENT = 256 * 1024;
    private static final int SCAN = 8;

    private final NodePool pool;
    private final MemorySegment memory;
    private final long limit;
    private final SizeClass[] classes = new SizeClass[MAX_SHIFT - MIN_SHIFT + 1];
    private long reserved;

    /** @param limit most bytes of segment that this rank's blocks may take, first extents of classes aside */
    public RankBlockPool(NodePool pool, long limit) {
        this.pool = pool;
        this.memory = pool.memory();
        this.limit = limit;
        for (int i = 0; i < classes.length; i++) {
            classes[i] = new SizeClass(1 << (MIN_SHIFT + i));
        }
    }

    /** Largest block that can be asked for, in bytes. */
    public static int maxBlock() {
        return 1 << MAX_SHIFT;
    }

    /** Bytes of segment taken from the node pool so far. */
    public long reserved() {
        return reserved;
    }

    @Override
    public long allocate(int bytes) {
        if (bytes < 0 || bytes > maxBlock()) {
            throw new IllegalArgumentException("a block has 0 to " + maxBlock() + " bytes, asked for " + bytes);
        }
        SizeClass c = classes[Math.max(0, 32 - Integer.numberOfLeadingZeros(Math.max(bytes, 1) - 1) - MIN_SHIFT)];
        long block = c.take(memory);
        if (block == EXHAUSTED) {
            block = grow(c);
        }
        return block;
    }

    @Override
    public void free(long block) {
        BlockDescriptor.markFreeRelease(memory, block);
    }

    private long grow(SizeClass c) {
        int stride = c.blockBytes + BlockDescriptor.PREFIX;
        long extent = Math.max(NodePool.roundUp(stride), EXTENT);
        if (reserved + extent > limit && c.total > 0) {
            return EXHAUSTED;
        }
        long start;
        try {
            start = pool.allocateExtent(extent);
        } catch (SegmentFullException full) {
            if (c.total > 0) {
                return EXHAUSTED;
            }
            throw full;
        }
        reserved += extent;
        for (long at = start; at + stride <= start + extent; at += stride) {
            c.addFree(at + BlockDescriptor.PREFIX);
            c.total++;
        }
        return c.take(memory);
    }

    /** Blocks of one size. */
    private static final class SizeClass {
        final int blockBytes;
        /** Blocks carved so far. */
        int total;
        private long[] free = new long[16];
        private int freeCount;
        private long[] inFlight = new long[16];
        private int head;
        private int inFlightCount;

        SizeClass(int blockBytes) {
            this.blockBytes = blockBytes;
        }

        void addFree(long block) {
            if (freeCount == free.length) {
                free = Arrays.copyOf(free, freeCount * 2);
            }
            free[freeCount++] = block;
        }

        long take(MemorySegment memory) {
            if (freeCount == 0) {
                collect(memory);
                if (freeCount == 0) {
                    return EXHAUSTED;
                }
            }
            long block = free[--freeCount];
            BlockDescriptor.markLivePlain(memory, block);
            enqueue(block);
            return block;
        }

        private void enqueue(long block) {
            if (inFlightCount == inFlight.length) {
                long[] larger = new long[inFlightCount * 2];
                for (int i = 0; i < inFlightCount; i++) {
                    larger[i] = inFlight[(head + i) & (inFlightCount - 1)];
                }
                inFlight = larger;
                head = 0;
            }
            inFlight[(head + inFlightCount++) & (inFlight.length - 1)] = block;
        }

        /** Moves consumed blocks to the free stack: the run at the front, or after a miss a few rotated ones. */
        private void collect(MemorySegment memory) {
            int misses = 0;
            for (int scanned = inFlightCount; scanned > 0 && (misses < SCAN || freeCount == 0); scanned--) {
                long block = inFlight[head];
                head = (head + 1) & (inFlight.length - 1);
                inFlightCount--;
                if (BlockDescriptor.isFreeAcquire(memory, block)) {
                    addFree(block);
                } else {
                    enqueue(block);
                    misses++;
                }
            }
        }
    }
}
