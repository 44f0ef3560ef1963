package org.isthmus.benchmarks.allocator;

import java.util.Random;

/** Workloads of one thread with one heap. Each returns nanoseconds for one allocation and its free. */
final class LocalLoops {
    private static final int SLOT_SEED = 7;

    private LocalLoops() {}

    /** Allocates and frees at once. */
    static double lifo(Heap heap, Sizes sizes, int pairs) {
        long start = System.nanoTime();
        for (int i = 0; i < pairs; i++) {
            heap.free(allocate(heap, sizes.get(i)));
        }
        return (double) (System.nanoTime() - start) / pairs;
    }

    /** Keeps {@code live} blocks, and replaces a random one each time. */
    static double replace(Heap heap, Sizes sizes, int live, int pairs) {
        long[] handles = new long[live];
        int[] slots = slots(live);
        for (int i = 0; i < live; i++) {
            handles[i] = allocate(heap, sizes.get(i));
        }
        long start = System.nanoTime();
        for (int i = 0; i < pairs; i++) {
            int slot = slots[i & (Sizes.COUNT - 1)];
            heap.free(handles[slot]);
            handles[slot] = allocate(heap, sizes.get(i));
        }
        double nanos = (double) (System.nanoTime() - start) / pairs;
        for (long handle : handles) {
            heap.free(handle);
        }
        return nanos;
    }

    /** The same, writing to each block. */
    static double replaceAndWrite(Heap heap, Sizes sizes, int live, int pairs) {
        long[] handles = new long[live];
        int[] slots = slots(live);
        for (int i = 0; i < live; i++) {
            handles[i] = allocate(heap, sizes.get(i));
        }
        long start = System.nanoTime();
        for (int i = 0; i < pairs; i++) {
            int slot = slots[i & (Sizes.COUNT - 1)];
            heap.free(handles[slot]);
            handles[slot] = allocate(heap, sizes.get(i));
            heap.write(handles[slot], i);
        }
        double nanos = (double) (System.nanoTime() - start) / pairs;
        for (long handle : handles) {
            heap.free(handle);
        }
        return nanos;
    }

    /** Part of the blocks' bytes that nobody asked for, in percent of the blocks' bytes. */
    static double fragmentation(Heap heap, Sizes sizes) {
        double wasted = 0;
        double total = 0;
        for (int i = 0; i < Sizes.COUNT; i++) {
            int bytes = sizes.get(i);
            long handle = allocate(heap, bytes);
            long block = heap.blockBytes(handle, bytes);
            wasted += (double) (block - bytes) / block;
            total++;
            heap.free(handle);
        }
        return 100 * wasted / total;
    }

    /** Slots to replace, drawn beforehand. */
    static int[] slots(int live) {
        Random random = new Random(SLOT_SEED);
        return random.ints(Sizes.COUNT, 0, live).toArray();
    }

    /** A block, tried for again while there is none at the moment. */
    static long allocate(Heap heap, int bytes) {
        long handle = heap.allocate(bytes);
        return handle != Heap.NONE ? handle : allocateSlowly(heap, bytes);
    }

    private static long allocateSlowly(Heap heap, int bytes) {
        Patience patience = new Patience();
        long handle = Heap.NONE;
        while (handle == Heap.NONE) {
            patience.pause(true);
            heap.flush();
            handle = heap.allocate(bytes);
        }
        return handle;
    }
}
