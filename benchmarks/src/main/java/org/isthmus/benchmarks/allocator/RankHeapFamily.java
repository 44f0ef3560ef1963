package org.isthmus.benchmarks.allocator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.allocator.heap.DefaultLimits;
import org.isthmus.allocator.heap.HeapArea;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;

/** The shared heap: one {@link RankHeap} for each thread or process of a workload. */
final class RankHeapFamily implements HeapFamily {
    private static final int HEAPS = 2;
    private static final long AREA_BYTES = 768L << 20;
    /** Where in the file the area's base lies. */
    private static final long BASE_WORD = 64;

    private final HeapArea area;

    /** @param create whether this process makes the area */
    RankHeapFamily(SharedFile file, boolean create) {
        if (create) {
            area = HeapArea.create(file.pool(), HEAPS, AREA_BYTES);
            file.memory().set(ValueLayout.JAVA_LONG, BASE_WORD, area.base());
        } else {
            area = HeapArea.attach(file.pool(), file.memory().get(ValueLayout.JAVA_LONG, BASE_WORD));
        }
    }

    @Override
    public Heap newHeap(int index) {
        RankHeap heap = RankHeap.open(area, index, DefaultLimits.snapshot(), false);
        MemorySegment memory = area.memory();
        return new Heap() {
            @Override
            public long allocate(int bytes) {
                return heap.allocate(bytes);
            }

            @Override
            public void free(long handle) {
                heap.free(handle);
            }

            @Override
            public void handOver(long handle, int receiver) {
                heap.handOver(handle, receiver);
            }

            @Override
            public void accept(long handle) {
                heap.accept(handle);
            }

            @Override
            public void flush() {
                heap.flush();
            }

            @Override
            public void write(long handle, long value) {
                memory.set(ValueLayout.JAVA_LONG, heap.offset(handle), value);
            }

            @Override
            public long read(long handle) {
                return memory.get(ValueLayout.JAVA_LONG, heap.offset(handle));
            }

            @Override
            public long blockBytes(long handle, int bytes) {
                int sizeClass = Handle.sizeClass(handle);
                return sizeClass < SizeClasses.BIG ? SizeClasses.bytes(sizeClass)
                        : (long) SizeClasses.superpages(bytes) * SizeClasses.SUPERPAGE_BYTES;
            }
        };
    }

    @Override
    public int maxBytes() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean spansProcesses() {
        return true;
    }
}
