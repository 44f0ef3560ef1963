package org.isthmus.comm.rma;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.isthmus.comm.NodeJob;
import org.isthmus.comm.datatype.DerivedTypes;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.PredefinedOp;
import org.isthmus.comm.rma.Exposure.Flavor;
import org.isthmus.node.status.RankCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Windows on two nodes whose multiplexers reach each other's memory: the target has no part in it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FarMemoryTest {
    private static final TypeMap INT = TypeMap.of(Primitive.INT);
    private static final TypeMap LONG = TypeMap.of(Primitive.LONG);
    /** More than two parts of a segment, and no whole number of pieces. */
    private static final int INTS = (5 << 20) / 4 + 77;

    /** What the rank on the other node does. */
    private interface Origin {
        void run(Window window, NodeJob.Rank rank);
    }

    /** @param helps whether the target makes progress while the origin runs */
    private static void onTwoNodes(boolean helps, Origin origin, Origin targetAfterwards) throws Exception {
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        CountDownLatch unlocked = new CountDownLatch(1);
        new NodeJob(NodeJob.ENDPOINT, NodeJob.PROTOCOLS, 2, NodeJob.Mapping.FILLED).run(2, rank -> {
            int bytes = rank.rank() == 1 ? 4 * INTS : 400;
            Window window = rank.windows().create(rank.world(), new Exposure(Flavor.ALLOCATE, null, 0, bytes, 4), null);
            if (rank.rank() == 0) {
                window.lockAll();
                locked.countDown();
                try {
                    origin.run(window, rank);
                } finally {
                    done.countDown();
                }
                window.unlockAll();
                unlocked.countDown();
            } else {
                rank.progress().await(() -> locked.getCount() == 0);
                if (!helps) {
                    done.await(); // nothing of the engine runs here
                }
                rank.progress().await(() -> unlocked.getCount() == 0);
                targetAfterwards.run(window, rank);
            }
            rank.windows().free(window);
        });
    }

    @Test
    void longPutsAndGetsNeedNoTarget() throws Exception {
        int[] data = IntStream.range(0, INTS).map(i -> i * 31 + 5).toArray();
        onTwoNodes(false, (window, rank) -> {
            int[] back = new int[INTS];
            MemorySegment near = window.memoryOf(0);
            window.put(data, 0, INTS, INT, 1, 0, INTS, INT);
            window.flush(1);
            rank.progress().await(window.get(back, 0, INTS, INT, 1, 0, INTS, INT));
            assertArrayEquals(data, back);
            long at = near.address() - rank.endpoint().memory().address();
            rank.progress().await(window.get(rank.endpoint().memory(), at, 100, INT, 1, 50, 100, INT));
            assertArrayEquals(IntStream.range(50, 150).map(i -> i * 31 + 5).toArray(),
                    near.toArray(ValueLayout.JAVA_INT));
            TypeMap gaps = DerivedTypes.vector(3, 1, 2, INT);
            window.put(new int[] {1, 0, 2, 0, 3}, 0, 1, gaps, 1, 10, 3, INT);
            window.flushAll();
            int[] three = new int[3];
            window.get(three, 0, 3, INT, 1, 10, 3, INT);
            window.flushLocal(1);
            assertArrayEquals(new int[] {1, 2, 3}, three);
            assertEquals(0, rank.endpoint().counters().get(RankCounter.BLOCKS_EMPTY));
            assertEquals(2L * 4 * INTS + 400 + 12 + 12, rank.endpoint().counters().get(RankCounter.ONE_SIDED_BYTES));
        }, (window, rank) -> assertEquals(2, window.memoryOf(1).get(ValueLayout.JAVA_INT, 44)));
    }

    @Test
    void fetchAndOpAndCompareAndSwapNeedNoTarget() throws Exception {
        onTwoNodes(false, (window, rank) -> {
            long[] old = new long[4];
            window.fetchAndOp(PredefinedOp.SUM, new long[] {40}, 0, old, 0, LONG, 1, 2);
            window.fetchAndOp(PredefinedOp.SUM, new long[] {2}, 0, old, 8, LONG, 1, 2);
            window.compareAndSwap(new long[] {7}, 0, new long[] {42}, 0, old, 16, LONG, 1, 2);
            window.fetchAndOp(PredefinedOp.NO_OP, null, 0, old, 24, LONG, 1, 2);
            window.accumulate(PredefinedOp.SUM, new long[] {1}, 0, 1, LONG, 1, 2, 1, LONG);
            window.flush(1);
            assertArrayEquals(new long[] {0, 40, 42, 7}, old);
            assertEquals(5, rank.endpoint().counters().get(RankCounter.ONE_SIDED));
        }, (window, rank) -> assertEquals(8, window.memoryOf(1).get(ValueLayout.JAVA_LONG, 8)));
    }

    /** What goes by message and what does not: accumulates of one origin are done in order. */
    @Test
    void accumulatesStayInOrder() throws Exception {
        int rounds = 60;
        onTwoNodes(true, (window, rank) -> {
            long[] old = new long[rounds];
            long[] another = new long[1];
            for (int i = 0; i < rounds; i++) {
                window.accumulate(PredefinedOp.SUM, new long[] {1, 1}, 0, 2, LONG, 1, 0, 2, LONG);
                window.fetchAndOp(PredefinedOp.SUM, new long[] {1}, 0, old, 8 * i, LONG, 1, 0);
                if (i % 3 == 0) {
                    window.flush(1);
                    window.fetchAndOp(PredefinedOp.SUM, new long[] {1}, 0, another, 0, LONG, 1, 0);
                } else {
                    window.accumulate(PredefinedOp.REPLACE, new long[] {3L * i + 2}, 0, 1, LONG, 1, 0, 1, LONG);
                }
                window.accumulate(PredefinedOp.MAX, new long[] {3L * i + 3}, 0, 1, LONG, 1, 0, 1, LONG);
            }
            window.flush(1);
            assertArrayEquals(LongStream.range(0, rounds).map(i -> 3 * i + 1).toArray(), old);
            long direct = rank.endpoint().counters().get(RankCounter.ONE_SIDED);
            assertEquals(rounds / 3, direct, "only those with nothing asked for by message before them");
        }, (window, rank) -> assertEquals(3L * rounds, window.memoryOf(1).get(ValueLayout.JAVA_LONG, 0)));
    }
}
