package org.isthmus.benchmarks.allocator;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/**
 * Workloads of two threads that free some of each other's blocks. Nanoseconds for one allocation and its free in each
 * thread, the slower of both.
 */
final class ExchangeLoops {
    private static final int ROUNDS = 200;
    /** With fewer the compiler is still at work, on the cores of the two threads. */
    private static final int WARM_UP = 60;
    private static final int LARSON_LIVE = 1000;
    private static final int SH8_BATCH = 400;
    private static final int SH8_FOREIGN = 8;
    private static final long LIMIT_SECONDS = 60;

    private ExchangeLoops() {}

    /** What one thread does in a round. */
    private interface Body {
        void run(int round);
    }

    /**
     * After Larson and Krishnan: each thread replaces random blocks of a set of 1000, then leaves the set to a
     * successor, here the other thread.
     */
    static double larson(HeapFamily family, Sizes sizes, int pairs) throws InterruptedException {
        int[] slots = LocalLoops.slots(LARSON_LIVE);
        long[][] sets = new long[2][LARSON_LIVE];
        return run(pairs, me -> {
            Heap heap = family.newHeap(me);
            return round -> larsonRound(heap, sets[(me + round) % 2], slots, sizes, pairs, 1 - me);
        });
    }

    private static void larsonRound(Heap heap, long[] handles, int[] slots, Sizes sizes, int pairs, int successor) {
        for (long handle : handles) {
            if (handle != Heap.NONE) {
                heap.accept(handle);
            }
        }
        for (int i = 0; i < pairs; i++) {
            int slot = slots[i & (Sizes.COUNT - 1)];
            if (handles[slot] != Heap.NONE) {
                heap.free(handles[slot]);
            }
            handles[slot] = LocalLoops.allocate(heap, sizes.get(i));
            heap.write(handles[slot], i);
        }
        for (long handle : handles) {
            if (handle != Heap.NONE) {
                heap.handOver(handle, successor);
            }
        }
        heap.flush();
    }

    /**
     * After SmartHeap's sh8bench: batches freed partly in order, partly in reverse, one block in eight by the other
     * thread.
     */
    static double sh8bench(HeapFamily family, SharedFile file, Sizes sizes, int pairs) throws InterruptedException {
        int batches = pairs / SH8_BATCH;
        return run(batches * SH8_BATCH, me -> {
            Heap heap = family.newHeap(me);
            HandleRing out = new HandleRing(file.memory(), me == 0 ? SharedFile.RING : SharedFile.SECOND_RING);
            HandleRing in = new HandleRing(file.memory(), me == 0 ? SharedFile.SECOND_RING : SharedFile.RING);
            long[] handles = new long[SH8_BATCH];
            return round -> {
                for (int batch = 0; batch < batches; batch++) {
                    sh8Batch(heap, handles, sizes, batch * SH8_BATCH, out, in, 1 - me);
                }
                heap.flush();
            };
        });
    }

    private static void sh8Batch(Heap heap, long[] handles, Sizes sizes, int first, HandleRing out,
            HandleRing in, int other) {
        for (int i = 0; i < SH8_BATCH; i++) {
            handles[i] = LocalLoops.allocate(heap, sizes.get(first + i));
            heap.write(handles[i], i);
        }
        for (int i = 0; i < SH8_BATCH && out.hasRoom(); i += SH8_FOREIGN) {
            heap.handOver(handles[i], other);
            out.put(handles[i]);
            handles[i] = Heap.NONE;
        }
        out.publish();
        for (int i = 0; i < SH8_BATCH / 2; i++) {
            freeIfAny(heap, handles[i]);
        }
        for (int i = SH8_BATCH - 1; i >= SH8_BATCH / 2; i--) {
            freeIfAny(heap, handles[i]);
        }
        for (long handle = in.poll(); handle != 0; handle = in.poll()) {
            heap.freeHandedOver(handle);
        }
    }

    private static void freeIfAny(Heap heap, long handle) {
        if (handle != Heap.NONE) {
            heap.free(handle);
        }
    }

    /** Runs the bodies of both threads round by round. */
    private static double run(int pairs, IntFunction<Body> bodies) throws InterruptedException {
        double[][] nanos = new double[2][ROUNDS];
        CyclicBarrier barrier = new CyclicBarrier(2);
        Throwable[] failure = new Throwable[2];
        Thread[] threads = new Thread[2];
        for (int t = 0; t < 2; t++) {
            int me = t;
            threads[t] = Thread.ofPlatform().start(() -> {
                try {
                    Body body = bodies.apply(me);
                    for (int round = 0; round < ROUNDS; round++) {
                        barrier.await(LIMIT_SECONDS, TimeUnit.SECONDS);
                        long start = System.nanoTime();
                        body.run(round);
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
            if (f != null && !(f instanceof BrokenBarrierException)) {
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
