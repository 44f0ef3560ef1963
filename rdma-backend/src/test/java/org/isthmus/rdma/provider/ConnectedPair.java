package org.isthmus.rdma.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import com.ibm.disni.verbs.SVCPollCq;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import org.isthmus.rdma.extension.SharedReceiveQueue;

/** Two connected queue pairs on the device of this machine, driven by one thread: "a" connected to "b". */
final class ConnectedPair implements AutoCloseable {
    /** Address of the virtual machine's device. */
    static final String HOST = "10.0.2.15";
    static final int REQUESTS = 16;
    static final int INLINE = 64;
    static final int MILLIS = 20_000;
    static final byte[] NOTHING = {};

    final NativeProvider provider = NativeProvider.install();
    final RdmaEventChannel events = RdmaEventChannel.createEventChannel();
    final RdmaCmId listener;
    final RdmaCmId a;
    final RdmaCmId b;
    final IbvPd pd;
    final IbvCompChannel channel;
    final IbvCQ cqA;
    final IbvCQ cqB;
    final IbvQP qpA;
    final IbvQP qpB;
    final IbvQPInitAttr granted;
    final SharedReceiveQueue srq;

    ConnectedPair() throws IOException {
        this(0, false);
    }

    /**
     * @param rnrRetries how often a send without a receive is tried again; {@code shared}: b receives from a shared
     * queue
     */
    ConnectedPair(int rnrRetries, boolean shared) throws IOException {
        listener = events.createId(RdmaCm.RDMA_PS_TCP);
        listener.bindAddr(new InetSocketAddress(HOST, 0));
        listener.listen(1);
        a = events.createId(RdmaCm.RDMA_PS_TCP);
        a.resolveAddr(null, new InetSocketAddress(HOST, provider.localPort(listener)), MILLIS);
        await(events, EventType.RDMA_CM_EVENT_ADDR_RESOLVED);
        a.resolveRoute(MILLIS);
        await(events, EventType.RDMA_CM_EVENT_ROUTE_RESOLVED);
        pd = a.getVerbs().allocPd();
        channel = a.getVerbs().createCompChannel();
        cqA = a.getVerbs().createCQ(channel, 4 * REQUESTS, 0);
        cqB = a.getVerbs().createCQ(channel, 4 * REQUESTS, 0);
        srq = shared ? provider.createSrq(pd, REQUESTS, 1) : null;
        granted = attributes(cqA);
        qpA = a.createQP(pd, granted);
        provider.connect(a, parameters(rnrRetries), NOTHING);
        b = await(events, EventType.RDMA_CM_EVENT_CONNECT_REQUEST).getConnIdPriv();
        qpB = provider.createQp(b, pd, attributes(cqB), srq);
        provider.accept(b, parameters(rnrRetries), NOTHING);
        Map<EventType, Integer> seen = new EnumMap<>(EventType.class);
        for (int i = 0; i < 2; i++) {
            seen.merge(EventType.values()[next(events).getEvent()], 1, Integer::sum);
        }
        assertEquals(Map.of(EventType.RDMA_CM_EVENT_ESTABLISHED, 2), seen);
    }

    static IbvQPInitAttr attributes(IbvCQ cq) {
        IbvQPInitAttr attributes = new IbvQPInitAttr();
        attributes.cap().setMax_send_wr(REQUESTS);
        attributes.cap().setMax_recv_wr(REQUESTS);
        attributes.cap().setMax_send_sge(3);
        attributes.cap().setMax_recv_sge(3);
        attributes.cap().setMax_inline_data(INLINE);
        attributes.setQp_type(IbvQP.IBV_QPT_RC);
        attributes.setSend_cq(cq);
        attributes.setRecv_cq(cq);
        return attributes;
    }

    static RdmaConnParam parameters(int rnrRetries) throws IOException {
        RdmaConnParam parameters = new RdmaConnParam();
        parameters.setRetry_count((byte) 7);
        parameters.setRnr_retry_count((byte) rnrRetries);
        return parameters;
    }

    static RdmaCmEvent next(RdmaEventChannel events) throws IOException {
        RdmaCmEvent event = events.getCmEvent(MILLIS);
        assertNotNull(event, "no event came");
        event.ackEvent();
        return event;
    }

    static RdmaCmEvent await(RdmaEventChannel events, EventType type) throws IOException {
        RdmaCmEvent event = next(events);
        assertEquals(type, EventType.values()[event.getEvent()], "status " + event.getStatus());
        return event;
    }

    Memory memory(int bytes) throws IOException {
        return new Memory(pd, bytes, Memory.ALL);
    }

    static IbvSendWR send(long id, int opcode, int flags, IbvSge... pieces) {
        IbvSendWR request = new IbvSendWR();
        request.setWr_id(id);
        request.setOpcode(opcode);
        request.setSend_flags(flags);
        request.setSg_list(new LinkedList<>(Arrays.asList(pieces)));
        return request;
    }

    static IbvSendWR signalled(long id, int opcode, IbvSge... pieces) {
        return send(id, opcode, IbvSendWR.IBV_SEND_SIGNALED, pieces);
    }

    /** A signalled request that names remote memory. */
    static IbvSendWR remote(long id, int opcode, long address, int rkey, IbvSge... pieces) {
        IbvSendWR request = signalled(id, opcode, pieces);
        request.getRdma().setRemote_addr(address);
        request.getRdma().setRkey(rkey);
        return request;
    }

    static void post(IbvQP qp, IbvSendWR... requests) throws IOException {
        qp.postSend(List.of(requests), null).execute().free();
    }

    static void receive(IbvQP qp, long id, IbvSge... pieces) throws IOException {
        IbvRecvWR request = new IbvRecvWR();
        request.setWr_id(id);
        request.setSg_list(new LinkedList<>(Arrays.asList(pieces)));
        qp.postRecv(List.of(request), null).execute().free();
    }

    /** Polls until that many completions are there. */
    static List<IbvWC> completions(IbvCQ cq, int count) throws IOException {
        List<IbvWC> found = new ArrayList<>();
        long deadline = System.nanoTime() + MILLIS * 1_000_000L;
        while (found.size() < count) {
            IbvWC[] array = new IbvWC[count - found.size()];
            Arrays.setAll(array, i -> new IbvWC());
            SVCPollCq poll = cq.poll(array, array.length);
            found.addAll(Arrays.asList(array).subList(0, poll.execute().getPolls()));
            poll.free();
            if (System.nanoTime() > deadline) {
                throw new AssertionError(found.size() + " of " + count + " completions came");
            }
            Thread.onSpinWait();
        }
        return found;
    }

    /** The next completion, which must be a success of that request. */
    static IbvWC success(IbvCQ cq, long id) throws IOException {
        IbvWC completion = completions(cq, 1).getFirst();
        assertEquals(IbvWC.IbvWcStatus.IBV_WC_SUCCESS.ordinal(), completion.getStatus(),
                () -> "request " + completion.getWr_id());
        assertEquals(id, completion.getWr_id());
        return completion;
    }

    static int none(IbvCQ cq) throws IOException {
        return cq.poll(new IbvWC[] {new IbvWC()}, 1).execute().getPolls();
    }

    @Override
    public void close() throws IOException {
        a.destroyQP();
        b.destroyQP();
        a.destroyId();
        b.destroyId();
        listener.destroyId();
        if (srq != null) {
            srq.close();
        }
        channel.destroyCompChannel(); // before its queues, as DiSNI's endpoints do
        cqA.destroyCQ();
        cqB.destroyCQ();
        try {
            pd.deallocPd();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        events.destroyEventChannel();
    }
}
