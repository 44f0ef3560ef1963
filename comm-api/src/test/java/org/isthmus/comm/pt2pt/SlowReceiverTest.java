package org.isthmus.comm.pt2pt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.isthmus.comm.NodeJob;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.pt2pt.PointToPoint.Mode;
import org.isthmus.node.mux.MultiplexerOptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A rank that computes and takes nothing does not stop messages to and from the others behind the same connections. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowReceiverTest {
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);
    private static final int FLOOD = 0;
    private static final int SENDER = 1;
    private static final int SLOW = 2;
    private static final int AWAKE = 3;
    private static final int TAG = 5;

    /**
     * Ranks 0 and 1 are on one node, 2 and 3 on the other. Rank 0, which floods the slow rank, reaches others too as
     * long as its lane is within its limit.
     */
    @ParameterizedTest
    @CsvSource({"1, 64, 20000, 16777216", "1, 16384, 400, 16777216", "1, 64, 20000, 65536", "3, 64, 20000, 16777216"})
    void theOthersGoOn(int shards, int bytes, int count, long laneBytes) throws Exception {
        boolean floodGoesOn = laneBytes > (long) count * (64 + Long.BYTES * 3);
        CountDownLatch othersDone = new CountDownLatch(floodGoesOn ? 3 : 2);
        NodeJob job = new NodeJob(NodeJob.ENDPOINT, NodeJob.PROTOCOLS, 2, NodeJob.Mapping.FILLED, shards,
                new MultiplexerOptions(10_000, 64 << 10, laneBytes));
        job.run(4, rank -> {
            byte[] data = new byte[bytes];
            Envelope envelope = new Envelope();
            switch (rank.rank()) {
                case FLOOD -> {
                    List<TransferRequest> flood = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        data = new byte[bytes];
                        data[0] = (byte) i;
                        flood.add(rank.pointToPoint()
                                .isend(rank.world(), Mode.STANDARD, data, 0, bytes, BYTE, SLOW, TAG));
                    }
                    if (floodGoesOn) {
                        exchange(rank, AWAKE, data, envelope);
                        othersDone.countDown();
                    }
                    for (TransferRequest transfer : flood) {
                        rank.progress().await(transfer);
                    }
                }
                case SENDER -> {
                    exchange(rank, AWAKE, data, envelope);
                    othersDone.countDown();
                }
                case AWAKE -> {
                    exchange(rank, SENDER, data, envelope);
                    if (floodGoesOn) {
                        exchange(rank, FLOOD, data, envelope);
                    }
                    othersDone.countDown();
                }
                default -> {
                    assertTrue(othersDone.await(100, TimeUnit.SECONDS), "the slow rank stopped the others");
                    for (int i = 0; i < count; i++) {
                        rank.pointToPoint().recv(rank.world(), data, 0, bytes, BYTE, FLOOD, TAG, envelope);
                        assertEquals((byte) i, data[0]);
                        assertEquals(bytes, envelope.bytes);
                    }
                }
            }
        });
    }

    private static void exchange(NodeJob.Rank rank, int peer, byte[] data, Envelope envelope) {
        for (int i = 0; i < 50; i++) {
            if (rank.rank() < peer) {
                rank.pointToPoint().send(rank.world(), Mode.STANDARD, data, 0, data.length, BYTE, peer, TAG);
                rank.pointToPoint().recv(rank.world(), data, 0, data.length, BYTE, peer, TAG, envelope);
            } else {
                rank.pointToPoint().recv(rank.world(), data, 0, data.length, BYTE, peer, TAG, envelope);
                rank.pointToPoint().send(rank.world(), Mode.STANDARD, data, 0, data.length, BYTE, peer, TAG);
            }
        }
    }
}
