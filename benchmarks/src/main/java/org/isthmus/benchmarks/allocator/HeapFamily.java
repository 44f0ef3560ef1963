package org.isthmus.benchmarks.allocator;

/** Heaps of one allocator whose blocks travel between each other. */
interface HeapFamily {
    /** A heap for one thread. */
    Heap newHeap();

    /** Largest block of the allocator. */
    int maxBytes();

    /** Whether heaps of another process, opened on the same {@link SharedFile}, belong to the family. */
    boolean spansProcesses();
}
