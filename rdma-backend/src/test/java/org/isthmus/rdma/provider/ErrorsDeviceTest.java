package org.isthmus.rdma.provider;

import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_LOC_LEN_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_LOC_PROT_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_LOC_QP_OP_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_REM_ACCESS_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_REM_INV_REQ_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_REM_OP_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_RNR_RETRY_EXC_ERR;
import static com.ibm.disni.verbs.IbvWC.IbvWcStatus.IBV_WC_WR_FLUSH_ERR;
import static org.isthmus.rdma.provider.ConnectedPair.completions;
import static org.isthmus.rdma.provider.ConnectedPair.post;
import static org.isthmus.rdma.provider.ConnectedPair.receive;
import static org.isthmus.rdma.provider.ConnectedPair.remote;
import static org.isthmus.rdma.provider.ConnectedPair.send;
import static org.isthmus.rdma.provider.ConnectedPair.signalled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.IbvWC;
import java.io.IOException;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong, each over a connection of its own: an error breaks it. */
@Tag("device")
@Timeout(240)
class ErrorsDeviceTest {
    private ConnectedPair pair;
    private Memory a;
    private Memory b;

    @BeforeEach
    void connect() throws IOException {
        pair = new ConnectedPair();
        a = pair.memory(1024);
        b = pair.memory(1024);
    }

    @AfterEach
    void close() throws IOException {
        a.close();
        b.close();
        pair.close();
    }

    @Test
    void badRemoteKey() throws IOException {
        post(pair.qpA, remote(1, IbvSendWR.IBV_WR_RDMA_WRITE, b.address(0), b.region.getRkey() ^ 0x55, a.piece(0, 8)));
        failure(pair.cqA, 1, IBV_WC_REM_ACCESS_ERR, pair.qpA);
        assertEquals("remote access error", pair.provider.statusText(IBV_WC_REM_ACCESS_ERR.ordinal()));
        assertEquals(IbvQP.IBV_QPS_ERR, pair.provider.queryState(pair.qpA));
        post(pair.qpA, signalled(2, IbvSendWR.IBV_WR_SEND, a.piece(0, 8)));
        failure(pair.cqA, 2, IBV_WC_WR_FLUSH_ERR, pair.qpA);
    }

    @Test
    void writeBeyondTheRegion() throws IOException {
        post(pair.qpA, remote(1, IbvSendWR.IBV_WR_RDMA_WRITE, b.region.getAddr() + b.region.getLength() - 4,
                b.region.getRkey(), a.piece(0, 8)));
        failure(pair.cqA, 1, IBV_WC_REM_ACCESS_ERR, pair.qpA);
    }

    @Test
    void writeWithoutAccess() throws IOException {
        try (Memory readable = new Memory(pair.pd, 64, IbvMr.IBV_ACCESS_LOCAL_WRITE | IbvMr.IBV_ACCESS_REMOTE_READ)) {
            readable.put(0, "unchanged");
            post(pair.qpA, remote(1, IbvSendWR.IBV_WR_RDMA_WRITE, readable.address(0),
                    readable.region.getRkey(), a.piece(0, 8)));
            failure(pair.cqA, 1, IBV_WC_REM_ACCESS_ERR, pair.qpA);
            assertEquals("unchanged", readable.text(0, 9));
        }
    }

    @Test
    void badLocalKey() throws IOException {
        IbvSge piece = a.piece(0, 8);
        piece.setLkey(piece.getLkey() ^ 0x55);
        receive(pair.qpB, 9, b.piece(0, 64));
        post(pair.qpA, signalled(1, IbvSendWR.IBV_WR_SEND, piece));
        failure(pair.cqA, 1, EnumSet.of(IBV_WC_LOC_PROT_ERR, IBV_WC_LOC_QP_OP_ERR), pair.qpA); // Soft-RoCE: the second
    }

    @Test
    void sendWithoutReceive() throws IOException {
        post(pair.qpA, signalled(1, IbvSendWR.IBV_WR_SEND, a.piece(0, 8)));
        failure(pair.cqA, 1, IBV_WC_RNR_RETRY_EXC_ERR, pair.qpA);
    }

    @Test
    void messageLongerThanTheReceive() throws IOException {
        receive(pair.qpB, 9, b.piece(0, 4));
        post(pair.qpA, signalled(1, IbvSendWR.IBV_WR_SEND, a.piece(0, 8)));
        failure(pair.cqA, 1, EnumSet.of(IBV_WC_REM_INV_REQ_ERR, IBV_WC_REM_OP_ERR), pair.qpA); // Soft-RoCE: the second
        failure(pair.cqB, 9, EnumSet.of(IBV_WC_LOC_LEN_ERR, IBV_WC_LOC_QP_OP_ERR), pair.qpB);
    }

    @Test
    void errorStateFlushesWhatIsPosted() throws IOException {
        receive(pair.qpB, 5, b.piece(0, 64));
        receive(pair.qpB, 6, b.piece(64, 64));
        pair.provider.setError(pair.qpB);
        failure(pair.cqB, 5, IBV_WC_WR_FLUSH_ERR, pair.qpB);
        failure(pair.cqB, 6, IBV_WC_WR_FLUSH_ERR, pair.qpB);
    }

    @Test
    void fullQueueRefuses() throws IOException {
        int room = pair.granted.cap().getMax_recv_wr();
        for (int i = 0; i < room; i++) {
            receive(pair.qpA, i, a.piece(0, 8));
        }
        String message = assertThrows(IOException.class, () -> {
            for (int i = 0; i <= room; i++) {
                receive(pair.qpA, i, a.piece(0, 8));
            }
        }).getMessage();
        assertTrue(message.startsWith("postRecv failed with errno 12: the queue is full"), message);
    }

    @Test
    void moreInlineThanGrantedIsRefused() throws IOException {
        int granted = pair.granted.cap().getMax_inline_data();
        String message = assertThrows(IOException.class, () -> post(pair.qpA, send(1, IbvSendWR.IBV_WR_SEND,
                IbvSendWR.IBV_SEND_INLINE | IbvSendWR.IBV_SEND_SIGNALED, a.piece(0, granted + 1)))).getMessage();
        assertTrue(message.startsWith("postSend failed with errno 22: a request is not valid"), message);
    }

    @Test
    void limitsOfTheDeviceAreNamed() throws IOException {
        int most = pair.provider.queryDevice(pair.pd.getContext()).maxCqe();
        String message = assertThrows(IOException.class, () -> pair.pd.getContext().createCQ(null, most + 1, 0))
                .getMessage();
        assertTrue(message.startsWith("ibv_create_cq of " + (most + 1) + " entries and vector 0 failed"), message);
        assertTrue(message.endsWith("a value is outside of the device's limits (ibv_devinfo -v)"), message);
    }

    @Test
    void closedObjectsAreNamed() throws IOException {
        try (ConnectedPair other = new ConnectedPair()) {
            IbvQP qp = other.qpA;
            other.a.destroyQP();
            try {
                assertTrue(assertThrows(IOException.class, () -> receive(qp, 1, a.piece(0, 8))).getMessage()
                        .startsWith("this QueuePair is closed"));
            } finally {
                other.a.createQP(other.pd, ConnectedPair.attributes(other.cqA));
            }
        }
    }

    private static void failure(IbvCQ cq, long id, IbvWC.IbvWcStatus status, IbvQP qp) throws IOException {
        failure(cq, id, EnumSet.of(status), qp);
    }

    private static void failure(IbvCQ cq, long id, EnumSet<IbvWC.IbvWcStatus> expected, IbvQP qp) throws IOException {
        IbvWC completion = completions(cq, 1).getFirst();
        IbvWC.IbvWcStatus status = IbvWC.IbvWcStatus.values()[completion.getStatus()];
        assertTrue(expected.contains(status), () -> status + " instead of " + expected);
        assertEquals(id, completion.getWr_id());
        assertEquals(qp.getQp_num(), completion.getQp_num());
    }
}
