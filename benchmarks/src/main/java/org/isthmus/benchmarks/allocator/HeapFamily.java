package org.isthmus.benchmarks.allocator;

/** Heaps of one allocator whose blocks travel between each other. */
interface HeapFamily {
    /** The heap of that index, 0 or 1, for one thread. */
    Heap newHeap(int index);

    /** Largest block of the allocator. */
    int maxBytes();

    /** Whether heaps of another process, opened on the same {@link SharedFile}, belong to the family. */
    boolean spansProcesses();
}
