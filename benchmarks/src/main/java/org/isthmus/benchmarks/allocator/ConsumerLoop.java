package org.isthmus.benchmarks.allocator;

/** The side that frees: reads and frees every block that comes, until it is told to stop. */
final class ConsumerLoop {
    /** Handles with a meaning of their own; no allocator gives them out. */
    static final long MARK = -1;

    static final long STOP = -2;

    private ConsumerLoop() {}

    static void run(Heap heap, HandleRing ring) {
        long sum = 0;
        long marks = 0;
        while (true) {
            long handle = ring.take();
            if (handle == 0) {
                heap.flush();
            } else if (handle == MARK) {
                heap.flush();
                ring.acknowledge(++marks, sum);
                sum = 0;
            } else if (handle == STOP) {
                return;
            } else {
                sum += heap.consume(handle);
            }
        }
    }
}
