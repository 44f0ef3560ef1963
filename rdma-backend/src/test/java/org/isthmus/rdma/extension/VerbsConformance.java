package org.isthmus.rdma.extension;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import com.ibm.disni.verbs.RdmaProvider;
import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every verbs provider must do; each has a subclass that names it and an address of its device. Longer than other
 * classes, as it is the list of what programs need of the interface.
 */
@Timeout(240)
public abstract class VerbsConformance {
    private static final int SLOTS = 16;
    private static final int SIGNALED = IbvSendWR.IBV_SEND_SIGNALED;
    private static final int SUCCESS = 0;
    private static final int LOC_LEN_ERR = 1;
    private static final int LOC_QP_OP_ERR = 2;
    private static final int LOC_PROT_ERR = 4;
    private static final int WR_FLUSH_ERR = 5;
    private static final int REM_INV_REQ_ERR = 9;
    private static final int REM_ACCESS_ERR = 10;
    private static final int REM_OP_ERR = 11;
    private static final int RETRY_EXC_ERR = 12;
    private static final int RNR_RETRY_EXC_ERR = 13;
    private static final int OP_RECV = 128;
    private static final int OP_RECV_RDMA_WITH_IMM = 129;
    private static final int EVENT_MILLIS = 10_000;

    private VerbsExtension extension;
    private RdmaEventChannel events;
    private RdmaCmId listener;
    private VerbsEnd a;
    private VerbsEnd b;

    /** The provider; also a {@link VerbsExtension}. */
    protected abstract RdmaProvider provider() throws IOException;

    /** An address of this machine that belongs to the provider's device. */
    protected abstract InetAddress address() throws IOException;

    @BeforeEach
    void listen() throws IOException {
        RdmaProvider provider = provider();
        VerbsProviders.replace(provider);
        extension = (VerbsExtension) provider;
        events = RdmaEventChannel.createEventChannel();
        listener = events.createId((short) 0x106);
        listener.bindAddr(new InetSocketAddress(address(), 0));
        listener.listen(8);
    }

    @AfterEach
    void close() throws IOException {
        for (VerbsEnd end : new VerbsEnd[] {a, b}) {
            if (end != null) {
                end.close();
            }
        }
        listener.destroyId();
        events.destroyEventChannel();
    }

    private RdmaCmEvent await(EventType type) throws IOException {
        RdmaCmEvent event = events.getCmEvent(EVENT_MILLIS);
        assertNotNull(event, "no " + type);
        assertEquals(type.ordinal(), event.getEvent(), "status " + event.getStatus());
        return event;
    }

    private RdmaCmId routed(int port) throws IOException {
        RdmaCmId id = events.createId((short) 0x106);
        id.resolveAddr(null, new InetSocketAddress(address(), port), 2000);
        await(EventType.RDMA_CM_EVENT_ADDR_RESOLVED).ackEvent();
        id.resolveRoute(2000);
        await(EventType.RDMA_CM_EVENT_ROUTE_RESOLVED).ackEvent();
        return id;
    }

    private static RdmaConnParam parameters(int rnrRetries) throws IOException {
        RdmaConnParam parameters = new RdmaConnParam();
        parameters.setRetry_count((byte) 1);
        parameters.setRnr_retry_count((byte) rnrRetries);
        return parameters;
    }

    private void connect() throws IOException {
        connect(7, false);
    }

    private void connect(int rnrRetries, boolean sharedReceives) throws IOException {
        byte[] hello = {1, 2, 3};
        byte[] answer = {4, 5};
        a = new VerbsEnd(extension, routed(extension.localPort(listener)), SLOTS, false);
        extension.connect(a.id, parameters(rnrRetries), hello);
        RdmaCmEvent request = await(EventType.RDMA_CM_EVENT_CONNECT_REQUEST);
        byte[] said = extension.privateData(request);
        request.ackEvent();
        assertArrayEquals(hello, Arrays.copyOf(said, hello.length));
        b = new VerbsEnd(extension, request.getConnIdPriv(), SLOTS, sharedReceives);
        extension.accept(b.id, parameters(rnrRetries), answer);
        for (int i = 0; i < 2; i++) {
            RdmaCmEvent established = await(EventType.RDMA_CM_EVENT_ESTABLISHED);
            if (established.getConnIdPriv() == a.id) {
                assertArrayEquals(answer, Arrays.copyOf(extension.privateData(established), answer.length));
            }
            established.ackEvent();
        }
    }

    private static void expect(IbvWC completion, long wrId, int status) {
        assertEquals(wrId, completion.getWr_id());
        assertEquals(status, completion.getStatus());
    }

    /** Where the verbs specification names one status and Soft-RoCE gives another one. */
    private static void expect(IbvWC completion, long wrId, int specified, int softRoce) {
        assertEquals(wrId, completion.getWr_id());
        assertTrue(completion.getStatus() == specified || completion.getStatus() == softRoce,
                () -> "status " + completion.getStatus());
    }

    private static void fill(VerbsEnd end, long offset, int length, int seed) {
        for (int i = 0; i < length; i++) {
            end.memory.set(ValueLayout.JAVA_BYTE, offset + i, (byte) (seed + 31 * i));
        }
    }

    private void same(VerbsEnd from, long fromOffset, VerbsEnd to, long toOffset, int length) {
        assertEquals(-1, MemorySegment.mismatch(from.memory, fromOffset, fromOffset + length, to.memory, toOffset,
                toOffset + length));
    }

    @Test
    void devicesAndTheirLimitsAreListed() throws IOException {
        connect();
        DeviceAttributes device = extension.queryDevice(a.id.getVerbs());
        assertTrue(extension.devices().stream().anyMatch(each -> each.name().equals(device.name())));
        assertTrue(device.maxQp() > 0 && device.maxQpWr() >= SLOTS && device.maxSge() >= 1, device.toString());
        assertFalse(device.ports().isEmpty());
        assertTrue(device.ports().getFirst().active());
        assertFalse(device.ports().getFirst().gids().isEmpty());
    }

    @Test
    void sendsArriveInOrderWithTheirBytes() throws IOException {
        connect();
        for (int i = 0; i < SLOTS; i++) {
            b.receive(100 + i, b.piece(i * 1000, 1000));
        }
        fill(a, 0, SLOTS * 1000, 3);
        for (int i = 0; i < SLOTS; i++) {
            a.send(i, SIGNALED, i * 1000, 1000 - i);
        }
        for (int i = 0; i < SLOTS; i++) {
            expect(a.await(), i, SUCCESS);
            IbvWC received = b.await();
            expect(received, 100 + i, SUCCESS);
            assertEquals(OP_RECV, received.getOpcode());
            assertEquals(1000 - i, received.getByte_len());
            assertEquals(b.qp.getQp_num(), received.getQp_num());
            same(a, i * 1000, b, i * 1000, 1000 - i);
        }
    }

    @Test
    void piecesAreGatheredAndScattered() throws IOException {
        connect();
        b.receive(1, b.piece(0, 30), b.piece(100, 70));
        fill(a, 0, 300, 9);
        a.post(VerbsEnd.request(2, IbvSendWR.IBV_WR_SEND, SIGNALED, a.piece(0, 50), a.piece(200, 40)));
        expect(a.await(), 2, SUCCESS);
        assertEquals(90, b.await().getByte_len());
        same(a, 0, b, 0, 30);
        same(a, 30, b, 100, 20);
        same(a, 200, b, 120, 40);
    }

    @Test
    void unsignalledSendsCompleteSilentlyAndHoldTheirSlots() throws IOException {
        connect();
        for (int i = 0; i < SLOTS; i++) {
            b.receive(i, b.piece(0, 64));
        }
        for (int i = 0; i < SLOTS; i++) {
            a.send(i, i == SLOTS - 1 ? SIGNALED : 0, 0, 8);
        }
        for (int i = 0; i < SLOTS; i++) {
            expect(b.await(), i, SUCCESS);
        }
        assertThrows(IOException.class, () -> fillQueue(10 * SLOTS));
        expect(a.await(), SLOTS - 1, SUCCESS);
    }

    /** Posts sends until the queue refuses; a device may have more slots than were asked for. */
    private void fillQueue(int most) throws IOException {
        for (int i = 0; i < most; i++) {
            a.send(1000 + i, 0, 0, 8);
        }
    }

    @Test
    void aSendWaitsForAReceive() throws IOException {
        connect();
        fill(a, 0, 100, 1);
        a.send(1, SIGNALED, 0, 100);
        assertTrue(a.staysEmpty(30));
        b.receive(2, b.piece(0, 100));
        expect(b.await(), 2, SUCCESS);
        expect(a.await(), 1, SUCCESS);
        same(a, 0, b, 0, 100);
    }

    @Test
    void aReceiverThatIsNeverReadyFailsTheSend() throws IOException {
        connect(1, false);
        a.send(1, SIGNALED, 0, 100);
        a.send(2, 0, 0, 100);
        IbvWC failed = a.await();
        expect(failed, 1, RNR_RETRY_EXC_ERR);
        assertEquals(a.qp.getQp_num(), failed.getQp_num());
        expect(a.await(), 2, WR_FLUSH_ERR);
        assertEquals(IbvQP.IBV_QPS_ERR, extension.queryState(a.qp));
    }

    @Test
    void aReceiveTooShortFailsBothEnds() throws IOException {
        connect();
        b.receive(1, b.piece(0, 10));
        b.receive(2, b.piece(0, 10));
        a.send(3, 0, 0, 11);
        expect(a.await(), 3, REM_INV_REQ_ERR, REM_OP_ERR);
        expect(b.await(), 1, LOC_LEN_ERR, LOC_QP_OP_ERR);
        expect(b.await(), 2, WR_FLUSH_ERR);
    }

    @Test
    void immediateDataTravelsWithASend() throws IOException {
        connect();
        b.receive(1, b.piece(0, 10));
        IbvSendWR request = VerbsEnd.request(2, IbvSendWR.IBV_WR_SEND_WITH_IMM, SIGNALED, a.piece(0, 10));
        request.setImm_data(0x01020304);
        a.post(request);
        IbvWC received = b.await();
        assertEquals(0x01020304, received.getImm_data());
        assertNotEquals(0, received.getWc_flags() & 2);
        expect(a.await(), 2, SUCCESS);
    }

    @Test
    void writeGoesWhereItIsToldWithoutAReceive() throws IOException {
        connect();
        fill(a, 0, 200_000, 5);
        a.remote(1, IbvSendWR.IBV_WR_RDMA_WRITE, 0, 200_000, b.address(50_000), b.mr.getRkey());
        expect(a.await(), 1, SUCCESS);
        same(a, 0, b, 50_000, 200_000);
        assertNull(b.tryPoll());
    }

    @Test
    void writeWithImmediateTakesAReceive() throws IOException {
        connect();
        fill(a, 0, 5000, 5);
        b.receive(9, b.piece(900_000, 8));
        a.remote(1, IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM, 0, 5000, b.address(100), b.mr.getRkey());
        IbvWC received = b.await();
        expect(received, 9, SUCCESS);
        assertEquals(OP_RECV_RDMA_WITH_IMM, received.getOpcode());
        assertEquals(77, received.getImm_data());
        assertEquals(5000, received.getByte_len());
        same(a, 0, b, 100, 5000);
        expect(a.await(), 1, SUCCESS);
    }

    @Test
    void readFetches() throws IOException {
        connect();
        fill(b, 0, 70_000, 8);
        a.remote(1, IbvSendWR.IBV_WR_RDMA_READ, 300, 70_000, b.address(0), b.mr.getRkey());
        expect(a.await(), 1, SUCCESS);
        same(b, 0, a, 300, 70_000);
    }

    @Test
    void atomicsAddAndSwap() throws IOException {
        connect();
        b.memory.set(ValueLayout.JAVA_LONG, 64, 40L);
        atomic(IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD, 64, 2, 0);
        expect(a.await(), 1, SUCCESS);
        assertEquals(40, a.memory.get(ValueLayout.JAVA_LONG, 8));
        assertEquals(42, b.memory.get(ValueLayout.JAVA_LONG, 64));
        atomic(IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP, 64, 41, 99);
        expect(a.await(), 1, SUCCESS);
        assertEquals(42, b.memory.get(ValueLayout.JAVA_LONG, 64));
        atomic(IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP, 64, 42, 99);
        expect(a.await(), 1, SUCCESS);
        assertEquals(42, a.memory.get(ValueLayout.JAVA_LONG, 8));
        assertEquals(99, b.memory.get(ValueLayout.JAVA_LONG, 64));
    }

    private void atomic(int opcode, long remoteOffset, long compareAdd, long swap) throws IOException {
        IbvSendWR request = VerbsEnd.request(1, opcode, SIGNALED, a.piece(8, 8));
        request.getAtomic().setRemote_addr(b.address(remoteOffset));
        request.getAtomic().setRkey(b.mr.getRkey());
        request.getAtomic().setCompare_add(compareAdd);
        request.getAtomic().setSwap(swap);
        a.post(request);
    }

    @Test
    void anAtomicOnAnOddAddressIsRefused() throws IOException {
        connect();
        try {
            atomic(IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD, 65, 2, 0);
        } catch (IOException refusedWhenPosted) {
            return;
        }
        assertNotEquals(SUCCESS, a.await().getStatus());
    }

    @Test
    void aWrongRemoteKeyIsRefusedAndTheRestFlushed() throws IOException {
        connect();
        b.memory.fill((byte) 7);
        a.remote(1, IbvSendWR.IBV_WR_RDMA_WRITE, 0, 100, b.address(0), b.mr.getRkey() + 1);
        a.remote(2, IbvSendWR.IBV_WR_RDMA_WRITE, 0, 100, b.address(0), b.mr.getRkey());
        expect(a.await(), 1, REM_ACCESS_ERR);
        expect(a.await(), 2, WR_FLUSH_ERR);
        for (int i = 0; i < 100; i++) {
            assertEquals(7, b.memory.get(ValueLayout.JAVA_BYTE, i));
        }
    }

    @Test
    void writingPastTheEndOfARegistrationIsRefused() throws IOException {
        connect();
        a.remote(1, IbvSendWR.IBV_WR_RDMA_WRITE, 0, 100, b.address(VerbsEnd.MEMORY_BYTES - 99), b.mr.getRkey());
        expect(a.await(), 1, REM_ACCESS_ERR);
    }

    @Test
    void readingWithoutTheRightIsRefused() throws IOException {
        connect();
        IbvMr weak = extension.register(b.pd, b.address(0), 4096, IbvMr.IBV_ACCESS_LOCAL_WRITE);
        a.remote(1, IbvSendWR.IBV_WR_RDMA_READ, 0, 100, b.address(0), weak.getRkey());
        expect(a.await(), 1, REM_ACCESS_ERR);
        weak.deregMr().execute().free();
    }

    @Test
    void sendingFromMemoryThatIsNotRegisteredIsRefused() throws IOException {
        connect();
        b.receive(1, b.piece(0, 100));
        a.post(VerbsEnd.request(2, IbvSendWR.IBV_WR_SEND, 0, VerbsEnd.piece(a.address(0), 100, a.mr.getLkey() + 1)));
        expect(a.await(), 2, LOC_PROT_ERR, LOC_QP_OP_ERR);
    }

    @Test
    void inlineDataIsTakenAtOnceAndNeedsNoRegistration() throws IOException {
        connect();
        fill(a, 0, 100, 4);
        fill(a, 4096, 100, 4);
        a.post(VerbsEnd.request(1, IbvSendWR.IBV_WR_SEND, SIGNALED | IbvSendWR.IBV_SEND_INLINE,
                VerbsEnd.piece(a.address(0), 100, 0)));
        a.memory.asSlice(0, 100).fill((byte) 0);
        b.receive(2, b.piece(0, 100));
        expect(b.await(), 2, SUCCESS);
        expect(a.await(), 1, SUCCESS);
        same(a, 4096, b, 0, 100);
        int granted = a.attributes.cap().getMax_inline_data();
        assertThrows(IOException.class, () -> a.post(VerbsEnd.request(3, IbvSendWR.IBV_WR_SEND,
                SIGNALED | IbvSendWR.IBV_SEND_INLINE, a.piece(0, granted + 1))));
    }

    @Test
    void aPreparedSendIsChangedBetweenExecutions() throws IOException {
        connect();
        SVCPostSend prepared = a.prepare(VerbsEnd.request(0, IbvSendWR.IBV_WR_SEND, SIGNALED, a.piece(0, 1)));
        fill(a, 0, 3000, 7);
        for (int i = 1; i <= 5; i++) {
            b.receive(i, b.piece(0, 4096));
            SendModifier modifier = (SendModifier) prepared.getWrMod(0);
            modifier.setWr_id(i);
            modifier.getSgeMod(0).setAddr(a.address(i));
            modifier.getSgeMod(0).setLength(i * 500);
            modifier.setOpcode(i % 2 == 0 ? IbvSendWR.IBV_WR_SEND : IbvSendWR.IBV_WR_SEND_WITH_IMM);
            modifier.setImmediate(i * 1000);
            prepared.execute();
            expect(a.await(), i, SUCCESS);
            IbvWC received = b.await();
            assertEquals(i * 500, received.getByte_len());
            assertEquals(i % 2 == 0 ? 0 : i * 1000, received.getWc_flags() == 0 ? 0 : received.getImm_data());
            same(a, i, b, 0, i * 500);
        }
        prepared.free();
        assertFalse(prepared.isValid());
    }

    @Test
    void sharedReceivesServeAndAreLimited() throws IOException {
        connect(7, true);
        int posted = 0;
        while (b.srq.post(posted, b.address(posted * 64), 64, b.mr.getLkey()) == 0) {
            posted++;
            assertTrue(posted < 100_000);
        }
        assertTrue(posted >= SLOTS, "only " + posted);
        fill(a, 0, 64, 3);
        for (int i = 0; i < 5; i++) {
            a.send(i, SIGNALED, 0, 64);
            expect(a.await(), i, SUCCESS);
            IbvWC received = b.await();
            expect(received, i, SUCCESS);
            same(a, 0, b, i * 64, 64);
            assertEquals(b.qp.getQp_num(), received.getQp_num());
        }
        assertEquals(0, b.srq.post(500, b.address(0), 64, b.mr.getLkey()));
    }

    @Test
    void theErrorStateFlushesEverything() throws IOException {
        connect();
        a.receive(1, a.piece(0, 10));
        a.send(2, 0, 0, 10);
        extension.setError(a.qp);
        int sends = 0;
        int receives = 0;
        for (int i = 0; i < 2; i++) {
            IbvWC flushed = a.await();
            assertEquals(WR_FLUSH_ERR, flushed.getStatus());
            sends += flushed.getWr_id() == 2 ? 1 : 0;
            receives += flushed.getWr_id() == 1 ? 1 : 0;
        }
        assertEquals(1, sends);
        assertEquals(1, receives);
        a.send(3, 0, 0, 10);
        expect(a.await(), 3, WR_FLUSH_ERR);
    }

    @Test
    void aPeerInErrorAnswersNoMore() throws IOException {
        connect();
        extension.setError(b.qp);
        a.remote(1, IbvSendWR.IBV_WR_RDMA_WRITE, 0, 10, b.address(0), b.mr.getRkey());
        expect(a.await(), 1, RETRY_EXC_ERR);
    }

    @Test
    void anArmedQueueTellsOfTheNextCompletion() throws IOException {
        connect();
        b.receive(1, b.piece(0, 10));
        b.receive(2, b.piece(0, 10));
        assertFalse(b.channel.getCqEvent(b.cq, 10));
        b.cq.reqNotification(false).execute().free();
        a.send(1, SIGNALED, 0, 10);
        assertTrue(b.channel.getCqEvent(b.cq, EVENT_MILLIS));
        b.cq.ackEvents(1);
        expect(b.await(), 1, SUCCESS);
        a.send(2, SIGNALED, 0, 10);
        expect(b.await(), 2, SUCCESS);
        assertFalse(b.channel.getCqEvent(b.cq, 10), "one event for each time it was armed");
    }

    @Test
    void wakeupEndsAWaitForCompletions() throws Exception {
        connect();
        Thread waker = Thread.ofPlatform().start(() -> {
            try {
                extension.wakeup(b.channel);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertFalse(b.channel.getCqEvent(b.cq, -1));
        waker.join();
        extension.wakeup(events);
        assertNull(events.getCmEvent(-1));
    }

    @Test
    void disconnectingIsHeardAtTheOtherEnd() throws IOException {
        connect();
        b.receive(1, b.piece(0, 10));
        b.id.disconnect();
        expect(b.await(), 1, WR_FLUSH_ERR);
        boolean heard = false;
        for (int i = 0; i < 2 && !heard; i++) {
            RdmaCmEvent event = await(EventType.RDMA_CM_EVENT_DISCONNECTED);
            heard = event.getConnIdPriv() == a.id;
            event.ackEvent();
        }
        assertTrue(heard);
    }

    @Test
    void nobodyListensOrTheOtherEndRefuses() throws IOException {
        int port = extension.localPort(listener);
        VerbsEnd first = new VerbsEnd(extension, routed(port), SLOTS, false);
        extension.connect(first.id, parameters(7), new byte[0]);
        RdmaCmEvent request = await(EventType.RDMA_CM_EVENT_CONNECT_REQUEST);
        RdmaCmId refused = request.getConnIdPriv();
        request.ackEvent();
        extension.reject(refused, new byte[] {42});
        refused.destroyId();
        RdmaCmEvent rejected = await(EventType.RDMA_CM_EVENT_REJECTED);
        assertEquals(42, extension.privateData(rejected)[0]);
        rejected.ackEvent();
        first.close();
        RdmaCmId other = events.createId((short) 0x106);
        other.bindAddr(new InetSocketAddress(address(), 0));
        int free = extension.localPort(other);
        other.destroyId();
        VerbsEnd second = new VerbsEnd(extension, routed(free), SLOTS, false);
        extension.connect(second.id, parameters(7), new byte[0]);
        await(EventType.RDMA_CM_EVENT_REJECTED).ackEvent();
        second.close();
        assertThrows(IOException.class, () -> extension.connect(other, parameters(7), new byte[57]));
    }
}
