package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.isthmus.comm.NodeJob;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.PredefinedOp;
import org.isthmus.comm.pt2pt.PointToPoint.Mode;
import org.isthmus.comm.rma.Exposure;
import org.isthmus.comm.rma.Window;
import org.isthmus.node.config.Settings;
import org.isthmus.node.status.RankCounter;
import org.isthmus.rdma.backend.RdmaBackend;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The engines of 2 x 4 ranks and the multiplexers of their two nodes, all threads of this process, joined by queue
 * pairs of a device. Each node has a segment of its own. {@link RdmaJobsDeviceTest} has the same in processes.
 */
@Tag("device")
@Timeout(240)
class RdmaEngineDeviceTest {
    private static final TypeMap LONG = TypeMap.of(Primitive.LONG);
    private static final TypeMap DOUBLE = TypeMap.of(Primitive.DOUBLE);
    private static final int RANKS = 8;
    private static final int HALF = RANKS / 2;
    private static final int LARGE = 1 << 17;
    private static final int SMALL_MESSAGES = 64;
    private static final long STOP = -77;

    private static NodeJob job() {
        Properties properties = new Properties();
        Map.of("isthmus.rdma.provider", "native", "isthmus.rdma.timeout.connect", "60s", "isthmus.rdma.timeout.hello",
                "30s").forEach(properties::setProperty);
        return new NodeJob(NodeJob.ENDPOINT, NodeJob.PROTOCOLS, 2, NodeJob.Mapping.FILLED).over(new RdmaBackend(),
                Settings.of(Map.of(), properties));
    }

    @Test
    void twoTimesFourRanksShareOneQueuePairForEachEnd() throws Exception {
        job().run(RANKS, rank -> {
            int me = rank.rank();
            for (int count : new int[] {1, 1000, 20_000}) {
                double[] values = IntStream.range(0, count).mapToDouble(i -> i + me).toArray();
                rank.collectives().of(rank.world()).allreduce(null, 0, values, 0, count, DOUBLE, PredefinedOp.SUM);
                assertArrayEquals(IntStream.range(0, count).mapToDouble(i -> i * RANKS + RANKS * (RANKS - 1) / 2)
                        .toArray(), values);
            }
            int partner = (me + HALF) % RANKS;
            for (int i = 0; i < SMALL_MESSAGES; i++) {
                exchange(rank, partner, 1, i);
            }
            exchange(rank, partner, LARGE, 7);
            if (me == 0) {
                assertEquals(2, RdmaJobsDeviceTest.queuePairs(), "one of each end");
            }
            rank.collectives().of(rank.world()).barrier();
        });
        assertEquals(0, RdmaJobsDeviceTest.queuePairs());
    }

    private static void exchange(NodeJob.Rank rank, int partner, int longs, int seed) {
        long[] out = new long[longs];
        long[] in = new long[longs];
        for (int i = 0; i < longs; i++) {
            out[i] = 1_000_000L * rank.rank() + seed + i;
        }
        boolean first = rank.rank() < partner;
        for (int turn = 0; turn < 2; turn++) {
            if (first == (turn == 0)) {
                rank.pointToPoint().send(rank.world(), Mode.STANDARD, out, 0, longs, LONG, partner, 1);
            } else {
                rank.pointToPoint().recv(rank.world(), in, 0, longs, LONG, partner, 1, null);
            }
        }
        for (int i = 0; i < longs; i++) {
            assertEquals(1_000_000L * partner + seed + i, in[i]);
        }
    }

    /** The last rank looks at its memory until it sees the end; nothing of its engine runs meanwhile. */
    @Test
    void aWindowIsWrittenAndReadWithoutItsOwner() throws Exception {
        job().run(2, rank -> {
            long at = rank.endpoint().heap().offset(rank.endpoint().allocateBlock(8 * LARGE, 0));
            MemorySegment mine = rank.endpoint().memory().asSlice(at, 8L * LARGE).fill((byte) 0);
            Window window = rank.windows().create(rank.world(),
                    new Exposure(Exposure.Flavor.CREATE, rank.endpoint().memory(), at, 8L * LARGE, 8), null);
            window.fence(true);
            if (rank.rank() == 1) {
                while (mine.get(ValueLayout.JAVA_LONG, 8L * (LARGE - 1)) != STOP) {
                    VarHandle.fullFence();
                    Thread.onSpinWait();
                }
                assertEquals(13L * (LARGE - 2), mine.get(ValueLayout.JAVA_LONG, 8L * (LARGE - 2)));
            } else {
                long[] data = new long[LARGE];
                long[] back = new long[LARGE];
                for (int i = 0; i < LARGE - 1; i++) {
                    data[i] = 13L * i;
                }
                window.put(data, 0, LARGE, LONG, 1, 0, LARGE, LONG);
                rank.progress().await(window.get(back, 0, LARGE - 1, LONG, 1, 0, LARGE - 1, LONG));
                window.put(new long[] {STOP}, 0, 1, LONG, 1, LARGE - 1, 1, LONG);
                assertTrue(rank.endpoint().counters().get(RankCounter.ONE_SIDED) >= 2L * 8 * LARGE / (256 << 10));
                window.get(back, 0, LARGE - 1, LONG, 1, 0, LARGE - 1, LONG);
                window.fence(false);
                for (int i = 0; i < LARGE - 1; i++) {
                    assertEquals(data[i], back[i]);
                }
            }
            if (rank.rank() == 1) {
                window.fence(false);
            }
            rank.windows().free(window);
        });
    }
}
