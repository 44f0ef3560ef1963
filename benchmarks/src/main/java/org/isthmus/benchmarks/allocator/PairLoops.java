package org.isthmus.benchmarks.allocator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Workloads of two sides: one allocates and writes, the other reads and frees. Nanoseconds for one block. The consumer is
 * a thread with a heap of its own, or a process.
 */
final class PairLoops {
    /** Indices of the heaps. */
    static final int PRODUCER = 0;

    static final int CONSUMER = 1;

    private static final int ROUNDS = 200;
    /** With fewer the compiler is still at work, on the cores of the two sides. */
    private static final int WARM_UP = 60;
    private static final long END_SECONDS = 30;

    private PairLoops() {}

    static double threads(HeapFamily family, SharedFile file, Sizes sizes, int blocks) throws InterruptedException {
        Throwable[] failure = new Throwable[1];
        Thread consumer = Thread.ofPlatform().start(() -> {
            try {
                ConsumerLoop.run(family.newHeap(CONSUMER), new HandleRing(file.memory(), SharedFile.RING));
            } catch (RuntimeException e) {
                failure[0] = e;
            }
        });
        double nanos = produce(family.newHeap(PRODUCER), file, sizes, blocks);
        consumer.join();
        if (failure[0] != null) {
            throw new IllegalStateException(failure[0]);
        }
        return nanos;
    }

    /** @param rival name by which the other process finds the allocator */
    static double processes(HeapFamily family, String rival, SharedFile file, Sizes sizes, int blocks)
            throws IOException, InterruptedException {
        Process consumer = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                AllocatorBenchmark.class.getName(), AllocatorBenchmark.CONSUMER, rival, file.path().toString()).inheritIO().start();
        try {
            double nanos = produce(family.newHeap(PRODUCER), file, sizes, blocks);
            if (!consumer.waitFor(END_SECONDS, TimeUnit.SECONDS) || consumer.exitValue() != 0) {
                throw new IllegalStateException("the consumer process failed");
            }
            return nanos;
        } finally {
            consumer.destroyForcibly();
        }
    }

    private static double produce(Heap heap, SharedFile file, Sizes sizes, int blocks) {
        HandleRing ring = new HandleRing(file.memory(), SharedFile.RING);
        double best = Double.MAX_VALUE;
        for (int round = 1; round <= ROUNDS; round++) {
            long start = System.nanoTime();
            produceRound(heap, ring, sizes, blocks);
            ring.put(ConsumerLoop.MARK);
            long sum = ring.awaitMark(round);
            double nanos = (double) (System.nanoTime() - start) / blocks;
            if (sum != (long) blocks * (blocks - 1) / 2) {
                throw new IllegalStateException("the consumer found other values than were written: sum " + sum);
            }
            best = round <= WARM_UP ? best : Math.min(best, nanos);
        }
        ring.put(ConsumerLoop.STOP);
        ring.publish();
        return best;
    }

    private static void produceRound(Heap heap, HandleRing ring, Sizes sizes, int blocks) {
        for (int i = 0; i < blocks; i++) {
            long handle = heap.allocate(sizes.get(i));
            if (handle == Heap.NONE) {
                ring.publish();
                handle = LocalLoops.allocate(heap, sizes.get(i));
            }
            heap.write(handle, i);
            heap.handOver(handle, CONSUMER);
            ring.put(handle);
        }
    }
}
