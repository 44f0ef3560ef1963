package org.isthmus.benchmarks.allocator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.isthmus.allocator.NodePool;

/**
 * The usual shared-memory pool as a baseline: for each power-of-two size one global free list, popped and pushed by
 * compare-and-set on a word of index and tag (as iceoryx's LoFFLi). The links lie outside of the blocks.
 */
final class CasListFamily implements HeapFamily {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();
    private static final int MIN_SHIFT = 6;
    private static final int MAX_SHIFT = 13;
    private static final int BLOCKS = 4096;
    private static final int CLASS_SHIFT = 16;
    private static final long LINE = 64;
    /** Where in the file the number of the lists' extent lies. */
    private static final long EXTENT_WORD = 64;

    private final MemorySegment memory;
    private final long extent;

    /** @param create whether this process lays the lists out */
    CasListFamily(SharedFile file, boolean create) {
        memory = file.memory();
        if (create) {
            extent = file.pool().allocateExtent(blocks(classes()));
            memory.set(ValueLayout.JAVA_LONG, EXTENT_WORD, extent);
            for (int c = 0; c < classes(); c++) {
                for (int i = 1; i <= BLOCKS; i++) {
                    INT.set(memory, link(c, i), i < BLOCKS ? i + 1 : 0);
                }
                LONG.setRelease(memory, head(c), 1L);
            }
        } else {
            extent = memory.get(ValueLayout.JAVA_LONG, EXTENT_WORD);
        }
    }

    private static int classes() {
        return MAX_SHIFT - MIN_SHIFT + 1;
    }

    private long head(int c) {
        return extent + c * LINE;
    }

    private long link(int c, int index) {
        return extent + classes() * LINE + ((long) c * (BLOCKS + 1) + index) * Integer.BYTES;
    }

    /** Bytes from the start of the extent to the blocks of class {@code c}. */
    private static long blocks(int c) {
        long links = NodePool.roundUp(classes() * LINE + (long) classes() * (BLOCKS + 1) * Integer.BYTES);
        return links + BLOCKS * ((1L << MIN_SHIFT + c) - (1L << MIN_SHIFT));
    }

    private long block(long handle) {
        int c = (int) handle >>> CLASS_SHIFT;
        return extent + blocks(c) + (((int) handle & 0xffff) - 1L << MIN_SHIFT + c);
    }

    @Override
    public Heap newHeap(int index) {
        return new Heap() {
            @Override
            public long allocate(int bytes) {
                int c = Math.max(0, 32 - Integer.numberOfLeadingZeros(bytes - 1) - MIN_SHIFT);
                long old;
                long first;
                do {
                    old = (long) LONG.getAcquire(memory, head(c));
                    first = old & 0xffff_ffffL;
                    if (first == 0) {
                        return NONE;
                    }
                } while (!LONG.compareAndSet(memory, head(c), old,
                        (old >>> 32) + 1 << 32 | (int) INT.get(memory, link(c, (int) first))));
                return (long) c << CLASS_SHIFT | first;
            }

            @Override
            public void free(long handle) {
                int c = (int) handle >>> CLASS_SHIFT;
                int freed = (int) handle & 0xffff;
                long old;
                do {
                    old = (long) LONG.getAcquire(memory, head(c));
                    INT.set(memory, link(c, freed), (int) old);
                } while (!LONG.compareAndSet(memory, head(c), old, (old >>> 32) + 1 << 32 | freed));
            }

            @Override
            public void write(long handle, long value) {
                LONG.set(memory, block(handle), value);
            }

            @Override
            public long read(long handle) {
                return (long) LONG.get(memory, block(handle));
            }

            @Override
            public long blockBytes(long handle, int bytes) {
                return 1L << MIN_SHIFT + ((int) handle >>> CLASS_SHIFT);
            }
        };
    }

    @Override
    public int maxBytes() {
        return 1 << MAX_SHIFT;
    }

    @Override
    public boolean spansProcesses() {
        return true;
    }
}
