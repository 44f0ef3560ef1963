package org.isthmus.rdma.provider;

import static org.isthmus.rdma.provider.ConnectedPair.completions;
import static org.isthmus.rdma.provider.ConnectedPair.none;
import static org.isthmus.rdma.provider.ConnectedPair.post;
import static org.isthmus.rdma.provider.ConnectedPair.receive;
import static org.isthmus.rdma.provider.ConnectedPair.remote;
import static org.isthmus.rdma.provider.ConnectedPair.send;
import static org.isthmus.rdma.provider.ConnectedPair.signalled;
import static org.isthmus.rdma.provider.ConnectedPair.success;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPostSend;
import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import java.util.List;
import org.isthmus.rdma.extension.SendModifier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Every operation that succeeds, over one connection. */
@Tag("device")
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DataPathDeviceTest {
    private ConnectedPair pair;
    private Memory a;
    private Memory b;

    @BeforeAll
    void connect() throws IOException {
        pair = new ConnectedPair();
        a = pair.memory(4096);
        b = pair.memory(4096);
    }

    @AfterAll
    void close() throws IOException {
        a.close();
        b.close();
        pair.close();
    }

    @Test
    void sendArrivesInTheReceive() throws IOException {
        receive(pair.qpB, 7, b.piece(0, 64));
        post(pair.qpA, signalled(3, IbvSendWR.IBV_WR_SEND, a.put(0, "hello from a").piece(0, 12)));
        success(pair.cqA, 3);
        IbvWC arrived = success(pair.cqB, 7);
        assertEquals(12, arrived.getByte_len());
        assertEquals(128, arrived.getOpcode());
        assertEquals(pair.qpB.getQp_num(), arrived.getQp_num());
        assertEquals("hello from a", b.text(0, 12));
    }

    @Test
    void immediateDataArrives() throws IOException {
        receive(pair.qpB, 8, b.piece(0, 64));
        IbvSendWR request = signalled(4, IbvSendWR.IBV_WR_SEND_WITH_IMM, a.piece(0, 0));
        request.setImm_data(0x01020304);
        post(pair.qpA, request);
        success(pair.cqA, 4);
        IbvWC arrived = success(pair.cqB, 8);
        assertEquals(0x01020304, arrived.getImm_data());
        assertEquals(2, arrived.getWc_flags() & 2);
    }

    @Test
    void piecesAreGatheredAndScattered() throws IOException {
        receive(pair.qpB, 9, b.piece(100, 2), b.piece(200, 5), b.piece(300, 64));
        a.put(10, "abc").put(20, "defg").put(30, "hi");
        post(pair.qpA, signalled(5, IbvSendWR.IBV_WR_SEND, a.piece(10, 3), a.piece(20, 4), a.piece(30, 2)));
        success(pair.cqA, 5);
        assertEquals(9, success(pair.cqB, 9).getByte_len());
        assertEquals("ab", b.text(100, 2));
        assertEquals("cdefg", b.text(200, 5));
        assertEquals("hi", b.text(300, 2));
    }

    @Test
    void listIsPostedInOrderAndUnsignalledSendsCompleteSilently() throws IOException {
        for (int i = 0; i < 3; i++) {
            receive(pair.qpB, 20 + i, b.piece(8 * i, 8));
        }
        a.put(0, "firstsecond3rd");
        post(pair.qpA, send(1, IbvSendWR.IBV_WR_SEND, 0, a.piece(0, 5)),
                send(2, IbvSendWR.IBV_WR_SEND, 0, a.piece(5, 6)), signalled(3, IbvSendWR.IBV_WR_SEND, a.piece(11, 3)));
        success(pair.cqA, 3);
        List<IbvWC> arrived = completions(pair.cqB, 3);
        assertEquals(List.of(20L, 21L, 22L), arrived.stream().map(IbvWC::getWr_id).toList());
        assertEquals(List.of(5, 6, 3), arrived.stream().map(IbvWC::getByte_len).toList());
        assertEquals("second", b.text(8, 6));
        assertEquals(0, none(pair.cqA));
    }

    @Test
    void inlineDataIsTakenAtOnce() throws IOException {
        assertTrue(pair.granted.cap().getMax_inline_data() >= ConnectedPair.INLINE);
        receive(pair.qpB, 11, b.piece(0, 64));
        post(pair.qpA, send(6, IbvSendWR.IBV_WR_SEND, IbvSendWR.IBV_SEND_INLINE | IbvSendWR.IBV_SEND_SIGNALED,
                a.put(0, "inline").piece(0, 6)));
        a.put(0, "xxxxxx");
        success(pair.cqA, 6);
        success(pair.cqB, 11);
        assertEquals("inline", b.text(0, 6));
    }

    @Test
    void writeChangesRemoteMemory() throws IOException {
        post(pair.qpA, remote(12, IbvSendWR.IBV_WR_RDMA_WRITE, b.address(500), b.region.getRkey(),
                a.put(0, "written").piece(0, 7)));
        success(pair.cqA, 12);
        assertEquals("written", b.text(500, 7));
        assertEquals(0, none(pair.cqB));
    }

    @Test
    void writeWithImmediateTakesAReceive() throws IOException {
        receive(pair.qpB, 13, b.piece(0, 8));
        IbvSendWR request = remote(14, IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM, b.address(600), b.region.getRkey(),
                a.put(0, "announced").piece(0, 9));
        request.setImm_data(-5);
        post(pair.qpA, request);
        success(pair.cqA, 14);
        IbvWC arrived = success(pair.cqB, 13);
        assertEquals(129, arrived.getOpcode());
        assertEquals(-5, arrived.getImm_data());
        assertEquals("announced", b.text(600, 9));
    }

    @Test
    void readFetchesRemoteMemory() throws IOException {
        b.put(700, "remote text");
        post(pair.qpA, remote(15, IbvSendWR.IBV_WR_RDMA_READ, b.address(700), b.region.getRkey(), a.piece(0, 11)));
        assertEquals(IbvWC.IbvWcOpcode.IBV_WC_RDMA_READ.ordinal(), success(pair.cqA, 15).getOpcode());
        assertEquals("remote text", a.text(0, 11));
    }

    @Test
    void atomicsChangeRemoteWords() throws IOException {
        b.putLong(800, 40);
        SVCPostSend post = pair.qpA.postSend(List.of(signalled(16, IbvSendWR.IBV_WR_SEND, a.piece(0, 8))), null);
        SendModifier modifier = (SendModifier) post.getWrMod(0);
        modifier.setOpcode(IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD);
        modifier.setAtomic(b.address(800), b.region.getRkey(), 2, 0);
        post.execute();
        success(pair.cqA, 16);
        assertEquals(40, a.getLong(0));
        modifier.setOpcode(IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP);
        modifier.setAtomic(b.address(800), b.region.getRkey(), 42, 1000);
        post.execute().free();
        success(pair.cqA, 16);
        assertEquals(42, a.getLong(0));
        assertEquals(1000, b.getLong(800));
    }

    @Test
    void preparedSendIsChangedAndPostedAgain() throws IOException {
        receive(pair.qpB, 17, b.piece(0, 64));
        receive(pair.qpB, 18, b.piece(64, 64));
        a.put(0, "onetwo");
        SVCPostSend post = pair.qpA.postSend(List.of(signalled(19, IbvSendWR.IBV_WR_SEND, a.piece(0, 3))), null);
        post.execute();
        SendModifier modifier = (SendModifier) post.getWrMod(0);
        modifier.setWr_id(20);
        modifier.setOpcode(IbvSendWR.IBV_WR_SEND_WITH_IMM);
        modifier.setImmediate(77);
        modifier.getSgeMod(0).setAddr(a.address(3));
        post.execute();
        success(pair.cqA, 19);
        success(pair.cqA, 20);
        success(pair.cqB, 17);
        assertEquals(77, success(pair.cqB, 18).getImm_data());
        assertEquals("one", b.text(0, 3));
        assertEquals("two", b.text(64, 3));
        assertFalse(post.free().isValid());
        assertThrows(IOException.class, post::execute);
    }

    @Test
    void completionMakesAnEvent() throws IOException {
        SVCReqNotify notify = pair.cqB.reqNotification(false);
        notify.execute();
        assertFalse(pair.channel.getCqEvent(pair.cqB, 0));
        receive(pair.qpB, 21, b.piece(0, 64));
        post(pair.qpA, signalled(22, IbvSendWR.IBV_WR_SEND, a.piece(0, 1)));
        assertTrue(pair.channel.getCqEvent(pair.cqB, ConnectedPair.MILLIS));
        assertEquals(0, pair.cqB.ackEvents(1));
        success(pair.cqB, 21);
        success(pair.cqA, 22);
        assertFalse(pair.channel.getCqEvent(pair.cqB, 10));
        notify.free();
    }

    @Test
    void wakeupEndsTheWaitForEvents() throws Exception {
        pair.provider.wakeup(pair.channel);
        assertFalse(pair.channel.getCqEvent(pair.cqB, -1));
        pair.provider.wakeup(pair.events);
        assertEquals(null, pair.events.getCmEvent(-1));
    }
}
