package org.isthmus.rdma.extension;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.LinkedList;
import java.util.List;
import java.util.Queue;

/** One end of a connection in a test: its queues, 1 MiB of registered memory, and short names for the verbs. */
final class VerbsEnd {
    static final int MEMORY_BYTES = 1 << 20;
    static final int ALL_ACCESS = IbvMr.IBV_ACCESS_LOCAL_WRITE | IbvMr.IBV_ACCESS_REMOTE_WRITE
            | IbvMr.IBV_ACCESS_REMOTE_READ | IbvMr.IBV_ACCESS_REMOTE_ATOMIC;

    final RdmaCmId id;
    final IbvPd pd;
    final IbvCompChannel channel;
    final IbvCQ cq;
    final IbvQP qp;
    final SharedReceiveQueue srq;
    final IbvQPInitAttr attributes;
    final MemorySegment memory = Arena.ofAuto().allocate(MEMORY_BYTES, 4096);
    final IbvMr mr;
    private final IbvWC[] polled = {new IbvWC()};
    private final SVCPollCq poll;
    private final Queue<IbvWC> early = new ArrayDeque<>();

    /** @param slots of the send queue and of the receive queue */
    VerbsEnd(VerbsExtension extension, RdmaCmId id, int slots, boolean sharedReceives) throws IOException {
        this.id = id;
        pd = id.getVerbs().allocPd();
        channel = id.getVerbs().createCompChannel();
        cq = id.getVerbs().createCQ(channel, 4 * slots, 0);
        srq = sharedReceives ? extension.createSrq(pd, slots, 1) : null;
        attributes = new IbvQPInitAttr();
        attributes.setQp_type(IbvQP.IBV_QPT_RC);
        attributes.setSend_cq(cq);
        attributes.setRecv_cq(cq);
        attributes.cap().setMax_send_wr(slots);
        attributes.cap().setMax_recv_wr(slots);
        attributes.cap().setMax_send_sge(2);
        attributes.cap().setMax_recv_sge(2);
        attributes.cap().setMax_inline_data(128);
        qp = extension.createQp(id, pd, attributes, srq);
        mr = extension.register(pd, memory.address(), MEMORY_BYTES, ALL_ACCESS);
        poll = cq.poll(polled, 1);
    }

    long address(long offset) {
        return memory.address() + offset;
    }

    IbvSge piece(long offset, int length) {
        return piece(address(offset), length, mr.getLkey());
    }

    static IbvSge piece(long address, int length, int key) {
        IbvSge sge = new IbvSge();
        sge.setAddr(address);
        sge.setLength(length);
        sge.setLkey(key);
        return sge;
    }

    static IbvSendWR request(long wrId, int opcode, int flags, IbvSge... pieces) {
        IbvSendWR request = new IbvSendWR();
        request.setWr_id(wrId);
        request.setOpcode(opcode);
        request.setSend_flags(flags);
        request.setSg_list(new LinkedList<>(List.of(pieces)));
        request.setNum_sge(pieces.length);
        return request;
    }

    SVCPostSend prepare(IbvSendWR request) throws IOException {
        return qp.postSend(new LinkedList<>(List.of(request)), null);
    }

    void post(IbvSendWR request) throws IOException {
        prepare(request).execute().free();
    }

    void send(long wrId, int flags, long offset, int length) throws IOException {
        post(request(wrId, IbvSendWR.IBV_WR_SEND, flags, piece(offset, length)));
    }

    /** An operation on the other end's memory. */
    void remote(long wrId, int opcode, long offset, int length, long remoteAddress, int rkey) throws IOException {
        IbvSendWR request = request(wrId, opcode, IbvSendWR.IBV_SEND_SIGNALED, piece(offset, length));
        request.getRdma().setRemote_addr(remoteAddress);
        request.getRdma().setRkey(rkey);
        request.setImm_data(77);
        post(request);
    }

    void receive(long wrId, IbvSge... pieces) throws IOException {
        IbvRecvWR request = new IbvRecvWR();
        request.setWr_id(wrId);
        request.setSg_list(new LinkedList<>(List.of(pieces)));
        request.setNum_sge(pieces.length);
        qp.postRecv(new LinkedList<>(List.of(request)), null).execute().free();
    }

    /** The next completion, or null. */
    IbvWC tryPoll() throws IOException {
        if (!early.isEmpty()) {
            return early.remove();
        }
        poll.execute();
        return poll.getPolls() == 0 ? null : polled[0].clone();
    }

    /** The next completion; the test's timeout ends a wait for none. */
    IbvWC await() throws IOException {
        while (true) {
            IbvWC completion = tryPoll();
            if (completion != null) {
                return completion;
            } else if (Thread.interrupted()) {
                throw new AssertionError("no completion came");
            }
            Thread.onSpinWait();
        }
    }

    /** Looks for a while; what it finds is given by the next poll. True if there was nothing. */
    boolean staysEmpty(long millis) throws IOException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() < end) {
            IbvWC completion = tryPoll();
            if (completion != null) {
                early.add(completion);
                return false;
            }
        }
        return true;
    }

    void close() throws IOException {
        id.destroyQP();
        if (srq != null) {
            srq.close();
        }
        mr.deregMr().execute().free();
        cq.destroyCQ();
        channel.destroyCompChannel();
        id.destroyId();
    }
}
