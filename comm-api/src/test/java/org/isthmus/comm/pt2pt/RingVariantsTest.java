package org.isthmus.comm.pt2pt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.isthmus.comm.NodeJob;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.pt2pt.PointToPoint.Mode;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.shm.ring.RingVariant;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine over each variant of rings. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingVariantsTest {
    private static final TypeMap INT = TypeMap.of(Primitive.INT);
    private static final int[] COUNTS = {0, 1, 2, 15, 16, 17, 250, 256, 257, 5000, 100_000};

    @ParameterizedTest
    @EnumSource
    void blockingMessagesOfEveryProtocolInBothDirections(RingVariant variant) throws Exception {
        job(variant, 64).run(2, r -> {
            int peer = 1 - r.rank();
            for (int round = 0; round < 50; round++) {
                for (int count : COUNTS) {
                    int[] sent = new int[count];
                    Arrays.setAll(sent, i -> i * 31 + count);
                    int[] received = new int[count];
                    if (r.rank() == 0) {
                        r.pointToPoint().send(r.world(), Mode.STANDARD, sent, 0, count, INT, peer, round);
                    }
                    r.pointToPoint().recv(r.world(), received, 0, count, INT, peer, round, null);
                    if (r.rank() == 1) {
                        r.pointToPoint().send(r.world(), Mode.STANDARD, sent, 0, count, INT, peer, round);
                    }
                    assertArrayEquals(sent, received);
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void windowsOfSmallMessagesOverRingsAndMailboxes(RingVariant variant) throws Exception {
        job(variant, 2).run(4, r -> {
            int window = 300;
            for (int round = 0; round < 20; round++) {
                List<TransferRequest> requests = new ArrayList<>();
                int[][][] received = new int[4][window][3];
                for (int i = 0; i < window; i++) {
                    for (int peer = 0; peer < 4; peer++) {
                        int[] sent = {r.rank(), i, round};
                        requests.add(r.pointToPoint().isend(r.world(), Mode.STANDARD, sent, 0, 3, INT, peer, i % 5));
                        requests.add(r.pointToPoint().irecv(r.world(), received[peer][i], 0, 3, INT, peer, i % 5));
                    }
                }
                requests.forEach(r.progress()::await);
                for (int peer = 0; peer < 4; peer++) {
                    for (int i = 0; i < window; i++) {
                        assertArrayEquals(new int[] {peer, i, round}, received[peer][i]);
                    }
                }
            }
            assertEquals(variant, r.endpoint().options().ringVariant());
        });
    }

    private static NodeJob job(RingVariant variant, int maxRings) {
        return new NodeJob(new EndpointOptions(8192, maxRings, NodeJob.ENDPOINT.heap(), 100, 100, variant),
                NodeJob.PROTOCOLS);
    }
}
