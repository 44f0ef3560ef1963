package org.isthmus.benchmarks.allocator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.allocator.RankBlockPool;

/** The pools of message blocks. */
final class BlockPoolFamily implements HeapFamily {
    private static final long LIMIT = 64L << 20;
    private static final int SMALLEST = 2048;

    private final SharedFile file;

    BlockPoolFamily(SharedFile file) {
        this.file = file;
    }

    @Override
    public Heap newHeap(int index) {
        RankBlockPool pool = new RankBlockPool(file.pool(), LIMIT);
        MemorySegment memory = file.memory();
        return new Heap() {
            @Override
            public long allocate(int bytes) {
                return pool.allocate(bytes);
            }

            @Override
            public void free(long handle) {
                pool.free(handle);
            }

            @Override
            public void write(long handle, long value) {
                memory.set(ValueLayout.JAVA_LONG, handle, value);
            }

            @Override
            public long read(long handle) {
                return memory.get(ValueLayout.JAVA_LONG, handle);
            }

            @Override
            public long blockBytes(long handle, int bytes) {
                return Math.max(SMALLEST, Integer.highestOneBit(2 * bytes - 1));
            }
        };
    }

    @Override
    public int maxBytes() {
        return RankBlockPool.maxBlock();
    }

    @Override
    public boolean spansProcesses() {
        return true;
    }
}
