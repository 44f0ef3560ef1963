package org.isthmus.rdma.provider;

import static org.isthmus.rdma.provider.ConnectedPair.post;
import static org.isthmus.rdma.provider.ConnectedPair.signalled;
import static org.isthmus.rdma.provider.ConnectedPair.success;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Receives of a shared queue. */
@Tag("device")
@Timeout(240)
class SharedReceiveDeviceTest {
    private static final int ENOMEM = 12;

    @Test
    void receivesAreTakenInOrderUntilTheQueueIsEmpty() throws IOException {
        try (ConnectedPair pair = new ConnectedPair(7, true); Memory a = pair.memory(64); Memory b = pair.memory(256)) {
            assertEquals(0, pair.srq.post(31, b.address(0), 64, b.region.getLkey()));
            assertEquals(0, pair.srq.post(32, b.address(64), 64, b.region.getLkey()));
            post(pair.qpA, signalled(1, IbvSendWR.IBV_WR_SEND, a.put(0, "first").piece(0, 5)));
            success(pair.cqA, 1);
            post(pair.qpA, signalled(2, IbvSendWR.IBV_WR_SEND, a.put(0, "second").piece(0, 6)));
            success(pair.cqA, 2);
            IbvWC arrived = success(pair.cqB, 31);
            assertEquals(pair.qpB.getQp_num(), arrived.getQp_num());
            assertEquals(6, success(pair.cqB, 32).getByte_len());
            assertEquals("first", b.text(0, 5));
            assertEquals("second", b.text(64, 6));
        }
    }

    @Test
    void fullQueueRefuses() throws IOException {
        try (ConnectedPair pair = new ConnectedPair(7, true); Memory b = pair.memory(64)) {
            int posted = 0;
            int errno = 0;
            while (errno == 0 && posted < 100 * ConnectedPair.REQUESTS) {
                errno = pair.srq.post(posted, b.address(0), 64, b.region.getLkey());
                posted += errno == 0 ? 1 : 0;
            }
            assertEquals(ENOMEM, errno);
            assertEquals(true, posted >= ConnectedPair.REQUESTS);
        }
    }
}
