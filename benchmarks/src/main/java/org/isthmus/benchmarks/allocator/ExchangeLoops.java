package org.isthmus.benchmarks.allocator;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Workloads of several threads that free some of each other's blocks. Nanoseconds for one allocation and its free, in
 * each thread.
 */
final class ExchangeLoops {
    private static final int THREADS = 2;
    private static final int ROUNDS = 12;
    private static final int WARM_UP = 4;
    private static final int LARSON_LIVE = 1000;
    private static final int SH8_BATCH = 400;
    private static final int SH8_FOREIGN = 8;
    private static final long LIMIT_SECONDS = 60;

    private ExchangeLoops() {}

    /** What one thread does in a round, with blocks that another one left; it leaves its own in their place. */
    private interface Body {
        void run(Heap heap, long[] inherited);
    }

    /**
     * After Larson and Krishnan: each thread replaces random blocks of a set of 1000, then leaves the set to a successor,
     * here the other thread.
     */
    static double larson(HeapFamily family, Sizes sizes, int pairs) throws InterruptedException {
        int[] slots = LocalLoops.slots(LARSON_LIVE);
        return run(family, LARSON_LIVE, pairs, (heap, handles) -> {
            for (int i = 0; i < pairs; i++) {
                int slot = slots[i & (Sizes.COUNT - 1)];
                if (handles[slot] != Heap.NONE) {
                    heap.free(handles[slot]);
                }
                handles[slot] = LocalLoops.allocate(heap, sizes.get(i));
                heap.write(handles[slot], i);
            }
            heap.flush();
        });
    }

    /** After SmartHeap's sh8bench: batches freed partly in order, partly in reverse, one in eight by the other thread. */
    static double sh8bench(HeapFamily family, Sizes sizes, int pairs) throws InterruptedException {
        int left = SH8_BATCH / SH8_FOREIGN;
        int batches = pairs / SH8_BATCH;
        return run(family, left, batches * SH8_BATCH, (heap, inherited) -> {
            long[] handles = new long[SH8_BATCH];
            for (int batch = 0; batch < batches; batch++) {
                for (int i = 0; i < SH8_BATCH; i++) {
                    handles[i] = LocalLoops.allocate(heap, sizes.get(batch * SH8_BATCH + i));
                    heap.write(handles[i], i);
                }
                for (int i = 0; i < left; i++) {
                    if (inherited[i] != Heap.NONE) {
                        heap.free(inherited[i]);
                    }
                    inherited[i] = handles[i * SH8_FOREIGN];
                    handles[i * SH8_FOREIGN] = Heap.NONE;
                }
                for (int i = 0; i < SH8_BATCH / 2; i++) {
                    freeIfAny(heap, handles[i]);
                }
                for (int i = SH8_BATCH - 1; i >= SH8_BATCH / 2; i--) {
                    freeIfAny(heap, handles[i]);
                }
            }
            heap.flush();
        });
    }

    private static void freeIfAny(Heap heap, long handle) {
        if (handle != Heap.NONE) {
            heap.free(handle);
        }
    }

    /** Runs the body in all threads, round by round; after each round the sets of blocks move on by one thread. */
    private static double run(HeapFamily family, int left, int pairs, Body body) throws InterruptedException {
        long[][] sets = new long[THREADS][left];
        double[][] nanos = new double[THREADS][ROUNDS];
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        Throwable[] failure = new Throwable[THREADS];
        Thread[] threads = new Thread[THREADS];
        for (int t = 0; t < THREADS; t++) {
            int me = t;
            threads[t] = Thread.ofPlatform().start(() -> {
                try {
                    Heap heap = family.newHeap();
                    for (int round = 0; round < ROUNDS; round++) {
                        barrier.await(LIMIT_SECONDS, TimeUnit.SECONDS);
                        long start = System.nanoTime();
                        body.run(heap, sets[(me + round) % THREADS]);
                        nanos[me][round] = (double) (System.nanoTime() - start) / pairs;
                    }
                } catch (RuntimeException | InterruptedException | BrokenBarrierException | TimeoutException e) {
                    failure[me] = e;
                    barrier.reset();
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (Throwable f : failure) {
            if (f != null) {
                throw new IllegalStateException(f);
            }
        }
        double best = Double.MAX_VALUE;
        for (int round = WARM_UP; round < ROUNDS; round++) {
            best = Math.min(best, Math.max(nanos[0][round], nanos[1][round]));
        }
        return best;
    }
}
