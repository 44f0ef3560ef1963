package org.isthmus.comm.rma;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.isthmus.comm.NodeJob;
import org.isthmus.comm.coll.CollectiveRequest;
import org.isthmus.comm.datatype.DerivedTypes;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.op.PredefinedOp;
import org.isthmus.comm.rma.Exposure.Flavor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Windows between ranks that share a node and ranks that do not: the same answers. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class WindowConformance {
    static final TypeMap INT = TypeMap.of(Primitive.INT);
    private static final TypeMap LONG = TypeMap.of(Primitive.LONG);
    private static final int RANKS = 5;

    /** Nodes over which the ranks are dealt out. */
    abstract int nodes();

    /** Whether memory lies in the node's segment; else each rank has its own. */
    abstract boolean inSegment();

    /** What a rank does with its window. */
    private interface Body {
        void run(Window window, MemorySegment mine, int me, NodeJob.Rank rank) throws Exception;
    }

    private NodeJob job() {
        return new NodeJob(NodeJob.ENDPOINT, NodeJob.PROTOCOLS, nodes(), NodeJob.Mapping.DEALT);
    }

    private void onWindows(int bytes, int unit, Body body) throws Exception {
        job().run(RANKS, rank -> {
            MemorySegment own = inSegment() ? null : Arena.ofAuto().allocate(bytes, 8);
            Exposure exposure = new Exposure(inSegment() ? Flavor.ALLOCATE : Flavor.CREATE, own, 0, bytes, unit);
            Window window = rank.windows().create(rank.world(), exposure, own);
            rank.windows().serve(window);
            rank.lock().enter();
            body.run(window, window.memoryOf(rank.rank()), rank.rank(), rank);
            rank.windows().free(window);
            rank.lock().exit();
            rank.windows().stop();
        });
    }

    private static int[] ints(MemorySegment memory) {
        return memory.toArray(ValueLayout.JAVA_INT);
    }

    @Test
    void putAndGetBetweenFences() throws Exception {
        int count = 20_000;
        onWindows(4 * count, 4, (window, mine, me, rank) -> {
            int next = (me + 1) % RANKS;
            int[] data = IntStream.range(0, count).map(i -> i * 7 + me).toArray();
            int[] back = new int[count];
            window.fence(true);
            window.put(data, 0, count, INT, next, 0, count, INT);
            window.fence(true);
            int previous = (me + RANKS - 1) % RANKS;
            assertArrayEquals(IntStream.range(0, count).map(i -> i * 7 + previous).toArray(), ints(mine));
            window.get(back, 0, count, INT, next, 0, count, INT);
            window.fence(false);
            assertArrayEquals(data, back);
        });
    }

    @Test
    void derivedTypes() throws Exception {
        TypeMap column = DerivedTypes.vector(3, 1, 4, INT);
        onWindows(48, 4, (window, mine, me, rank) -> {
            int next = (me + 1) % RANKS;
            window.fence(true);
            window.put(new int[] {1, 2, 3}, 0, 3, INT, next, 1, 1, column);
            window.fence(true);
            window.accumulate(PredefinedOp.SUM, new int[] {10, 20, 30}, 0, 3, INT, next, 1, 1, column);
            window.fence(true);
            assertArrayEquals(new int[] {0, 11, 0, 0, 0, 22, 0, 0, 0, 33, 0, 0}, ints(mine));
            int[] got = new int[12];
            window.get(got, 0, 1, column, next, 1, 1, column);
            window.fence(false);
            assertArrayEquals(new int[] {11, 0, 0, 0, 22, 0, 0, 0, 33, 0, 0, 0}, got);
        });
    }

    /** A description that does not fit one message. */
    @Test
    void aDatatypeOfManyBlocks() throws Exception {
        int blocks = 4000;
        int[] displacements = IntStream.range(0, blocks).map(i -> 2 * i + i % 2).toArray();
        int[] lengths = IntStream.range(0, blocks).map(i -> 1).toArray();
        TypeMap scattered = DerivedTypes.indexed(lengths, displacements, INT);
        onWindows(4 * (2 * blocks + 2), 4, (window, mine, me, rank) -> {
            int[] data = IntStream.range(0, blocks).map(i -> i + me).toArray();
            window.fence(true);
            window.put(data, 0, blocks, INT, (me + 1) % RANKS, 0, 1, scattered);
            window.fence(false);
            int previous = (me + RANKS - 1) % RANKS;
            int[] all = ints(mine);
            for (int i = 0; i < blocks; i++) {
                assertEquals(i + previous, all[displacements[i]]);
            }
        });
    }

    @Test
    void pairsAndComplexNumbers() throws Exception {
        onWindows(64, 16, (window, mine, me, rank) -> {
            MemorySegment pair = Arena.ofAuto().allocate(16, 8);
            pair.set(ValueLayout.JAVA_DOUBLE, 0, 5.0 - me);
            pair.set(ValueLayout.JAVA_INT, 8, me);
            double[] complex = {1, me};
            window.fence(true);
            window.accumulate(PredefinedOp.MINLOC, pair, 0, 1, TypeMap.DOUBLE_INT, 1, 0, 1, TypeMap.DOUBLE_INT);
            window.accumulate(PredefinedOp.SUM, complex, 0, 1, TypeMap.DOUBLE_COMPLEX, 1, 2, 1, TypeMap.DOUBLE_COMPLEX);
            window.fence(false);
            if (me == 1) {
                assertEquals(0.0, mine.get(ValueLayout.JAVA_DOUBLE, 0));
                assertEquals(0, mine.get(ValueLayout.JAVA_INT, 8), "no value is below 0");
                assertEquals(RANKS, mine.get(ValueLayout.JAVA_DOUBLE, 32));
                assertEquals(RANKS * (RANKS - 1) / 2, mine.get(ValueLayout.JAVA_DOUBLE, 40));
            }
        });
    }

    /** Exclusive locks keep readers and writers apart, whichever node they are on; shared ones do not. */
    @Test
    void locksExclude() throws Exception {
        int rounds = 40;
        onWindows(16, 8, (window, mine, me, rank) -> {
            long[] value = new long[1];
            for (int i = 0; i < rounds; i++) {
                window.lock(0, true);
                await(window.get(value, 0, 1, LONG, 0, 0, 1, LONG), rank);
                value[0]++;
                window.put(value, 0, 1, LONG, 0, 0, 1, LONG);
                window.unlock(0);
                window.lock(1, false);
                window.accumulate(PredefinedOp.SUM, new long[] {1}, 0, 1, LONG, 1, 1, 1, LONG);
                window.unlock(1);
            }
            rank.collectives().of(rank.world()).barrier();
            long[] sum = new long[1];
            window.lockAll();
            await(window.get(value, 0, 1, LONG, 0, 0, 1, LONG), rank);
            window.get(sum, 0, 1, LONG, 1, 1, 1, LONG);
            window.flushLocal(1);
            window.unlockAll();
            assertEquals(rounds * RANKS, value[0]);
            assertEquals(rounds * RANKS, sum[0]);
        });
    }

    private static void await(CollectiveRequest request, NodeJob.Rank rank) {
        if (request != null) {
            rank.progress().await(request);
        }
    }

    /** Ranks of several nodes fetch and swap the same elements: each number is drawn once. */
    @Test
    void fetchAndOpAndCompareAndSwap() throws Exception {
        int rounds = 50;
        onWindows(8, 4, (window, mine, me, rank) -> {
            int[] old = new int[1];
            long sum = 0;
            window.lockAll();
            for (int i = 0; i < rounds; i++) {
                window.fetchAndOp(PredefinedOp.SUM, new int[] {1}, 0, old, 0, INT, 2, 0);
                window.flush(2);
                sum += old[0];
            }
            window.compareAndSwap(new int[] {me + 1}, 0, new int[] {0}, 0, old, 0, INT, 2, 1);
            window.flushAll();
            window.unlockAll();
            long[] total = {sum, old[0] == 0 ? 1 : 0};
            rank.collectives().of(rank.world()).allreduce(null, 0, total, 0, 2, LONG, PredefinedOp.SUM);
            long n = (long) rounds * RANKS;
            assertEquals(n * (n - 1) / 2, total[0]);
            assertEquals(1, total[1], "winners of the swap");
        });
    }

    @Test
    void startCompletePostWait() throws Exception {
        onWindows(4 * RANKS, 4, (window, mine, me, rank) -> {
            int[] others = IntStream.range(0, RANKS).filter(r -> r != me).toArray();
            for (int round = 1; round <= 3; round++) {
                window.post(others);
                window.start(others);
                for (int other : others) {
                    window.put(new int[] {round * 10 + me}, 0, 1, INT, other, me, 1, INT);
                }
                window.complete();
                if (round == 2) {
                    while (!window.test()) {
                        Thread.yield();
                    }
                } else {
                    window.waitFor();
                }
                for (int other : others) {
                    assertEquals(round * 10 + other, mine.get(ValueLayout.JAVA_INT, 4 * other));
                }
                rank.collectives().of(rank.world()).barrier();
            }
        });
    }

    /** Rank 0 computes, outside of the engine, until it sees what all others did. */
    @Test
    void aComputingTargetIsServed() throws Exception {
        onWindows(8, 4, (window, mine, me, rank) -> {
            rank.collectives().of(rank.world()).barrier();
            if (me == 0) {
                rank.lock().exit();
                while (mine.get(ValueLayout.JAVA_INT, 4) < RANKS - 1) {
                    VarHandle.fullFence();
                    Thread.onSpinWait();
                }
                rank.lock().enter();
            } else {
                window.lock(0, false);
                window.accumulate(PredefinedOp.SUM, new int[] {3}, 0, 1, INT, 0, 0, 1, INT);
                window.flush(0);
                window.accumulate(PredefinedOp.SUM, new int[] {1}, 0, 1, INT, 0, 1, 1, INT);
                window.unlock(0);
            }
            rank.collectives().of(rank.world()).barrier();
            if (me == 0) {
                assertEquals(3 * (RANKS - 1), mine.get(ValueLayout.JAVA_INT, 0));
            }
        });
    }

    @Test
    void dynamicMemory() throws Exception {
        job().run(RANKS, rank -> {
            Exposure nothing = new Exposure(Flavor.DYNAMIC, rank.endpoint().memory(), 0, 0, 1);
            Window window = rank.windows().create(rank.world(), nothing, null);
            rank.windows().serve(window);
            rank.lock().enter();
            MemorySegment a = Arena.ofAuto().allocate(100, 8);
            MemorySegment b = Arena.ofAuto().allocate(100, 8);
            assertEquals(0, window.attach(a, 0, 100, a));
            assertEquals(128, window.attach(b, 0, 100, b));
            window.fence(true);
            int next = (rank.rank() + 1) % RANKS;
            window.put(new int[] {rank.rank() + 1}, 0, 1, INT, next, 8, 1, INT);
            window.put(new int[] {rank.rank() + 2}, 0, 1, INT, next, 128 + 96, 1, INT);
            window.fence(true);
            int previous = (rank.rank() + RANKS - 1) % RANKS;
            assertEquals(previous + 1, a.get(ValueLayout.JAVA_INT, 8));
            assertEquals(previous + 2, b.get(ValueLayout.JAVA_INT, 96));
            window.put(new int[1], 0, 1, INT, next, 110, 1, INT);
            CommException error = assertThrows(CommException.class, () -> window.fence(false));
            assertEquals(ErrorClass.RMA_RANGE, error.errorClass());
            window.fence(false);
            rank.windows().free(window);
            rank.lock().exit();
            rank.windows().stop();
        });
    }

    /** An address outside of a window with memory is found by the origin. */
    @Test
    void addressesOutsideOfTheWindow() throws Exception {
        onWindows(8, 4, (window, mine, me, rank) -> {
            window.fence(true);
            for (int target = 0; target < RANKS; target++) {
                int to = target;
                CommException error = assertThrows(CommException.class,
                        () -> window.put(new int[2], 0, 2, INT, to, 1, 2, INT));
                assertEquals(ErrorClass.RMA_RANGE, error.errorClass());
            }
            window.fence(false);
            assertTrue(mine.asByteBuffer().equals(ByteBuffer.allocate(8)));
        });
    }

    @Test
    void sharedMemoryNeedsOneNode() throws Exception {
        job().run(RANKS, rank -> {
            Exposure exposure = new Exposure(Flavor.SHARED, null, 0, 8, 8);
            if (nodes() > 1) {
                CommException error = assertThrows(CommException.class,
                        () -> rank.windows().create(rank.world(), exposure, null));
                assertEquals(ErrorClass.RMA_SHARED, error.errorClass());
                return;
            }
            Window window = rank.windows().create(rank.world(), exposure, null);
            window.memoryOf((rank.rank() + 1) % RANKS).set(ValueLayout.JAVA_LONG, 0, rank.rank());
            window.fence(false);
            assertEquals((rank.rank() + RANKS - 1) % RANKS, window.memoryOf(rank.rank()).get(ValueLayout.JAVA_LONG, 0));
            rank.windows().free(window);
        });
    }
}
