package org.isthmus.rdma.software;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvSendWR;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * A reliable-connected queue pair. Sends are carried out strictly in order; the first that fails completes with its
 * error, moves the queue pair to the error state, and all behind it are flushed. A slot of the send queue is free again
 * when a completion of it, or of a later send, has been polled: unsignalled sends hold theirs until then.
 *
 * <p>Invariants: (1) {@code reclaimed <= executed <= posted <= reclaimed + slots}; (2) a send that waits for a receive
 * of the peer is the one at {@code executed}. Used with the fabric's lock held.
 */
final class SoftwareQp extends IbvQP {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final MemorySegment ALL = SoftwareMemory.ALL;

    private final SoftwareFabric fabric;
    private final SoftwareMemory memory;
    private final SoftwareCq sends;
    private final SoftwareCq receives;
    private final ReceiveQueue receiveQueue;
    private final boolean sharedReceives;
    private final WorkRequest[] slots;
    private final int maxSge;
    private final int maxInline;
    private final boolean signalAll;
    private SoftwareQp peer;
    private int rnrRetries;
    private long posted;
    private long executed;
    private long reclaimed;
    private long notReadySince = -1;
    private int notReadyTries;

    /** @param srq null for receives of its own */
    SoftwareQp(SoftwareFabric fabric, int number, IbvPd pd, SoftwareCq sends, SoftwareCq receives, ReceiveQueue srq,
            int maxSend, int maxReceive, int maxSge, int maxInline, boolean signalAll) throws IOException {
        super(number);
        this.fabric = fabric;
        this.memory = fabric.memory();
        this.sends = sends;
        this.receives = receives;
        this.sharedReceives = srq != null;
        this.receiveQueue = sharedReceives ? srq : new ReceiveQueue(pd, maxReceive, maxSge);
        this.slots = new WorkRequest[maxSend];
        this.maxSge = maxSge;
        this.maxInline = maxInline;
        this.signalAll = signalAll;
        Arrays.setAll(slots, i -> new WorkRequest());
        this.context = pd.getContext();
        this.pd = pd;
        this.send_cq = sends;
        this.recv_cq = receives;
        this.qp_type = IBV_QPT_RC;
        this.state = IBV_QPS_INIT;
    }

    int number() {
        return qp_num;
    }

    /** Both ends may send from now on. */
    void join(SoftwareQp newPeer, int newRnrRetries) {
        peer = newPeer;
        rnrRetries = newRnrRetries;
        if (state == IBV_QPS_INIT) {
            state = IBV_QPS_RTS;
        }
    }

    /** Takes a copy of the request. */
    void postSend(WorkRequest prepared) throws IOException {
        if (state != IBV_QPS_RTS && state != IBV_QPS_ERR) {
            throw SoftwareProvider.refused("postSend", "queue pair " + qp_num + " is not connected (EINVAL)");
        } else if (posted - reclaimed == slots.length) {
            throw SoftwareProvider.refused("postSend", "all " + slots.length + " slots of queue pair " + qp_num
                    + " are in use; poll completions first (ENOMEM)");
        } else if (prepared.pieces > maxSge) {
            throw SoftwareProvider.refused("postSend", prepared.pieces + " pieces, at most " + maxSge + " (EINVAL)");
        }
        boolean inline = prepared.has(IbvSendWR.IBV_SEND_INLINE);
        if (inline && prepared.bytes() > maxInline) {
            throw SoftwareProvider.refused("postSend", prepared.bytes() + " bytes inline, at most " + maxInline
                    + " (EINVAL)");
        }
        WorkRequest slot = slots[(int) (posted % slots.length)];
        slot.set(prepared);
        slot.number = posted++;
        slot.inlineLength = 0;
        for (int i = 0; inline && i < slot.pieces; i++) {
            MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, slot.addresses[i], slot.inline, slot.inlineLength,
                    slot.lengths[i]);
            slot.inlineLength += slot.lengths[i];
        }
    }

    /** Takes a copy of the request. */
    void postReceive(WorkRequest prepared) throws IOException {
        if (sharedReceives) {
            throw SoftwareProvider.refused("postRecv", "queue pair " + qp_num + " has a shared receive queue (EINVAL)");
        } else if (prepared.pieces > receiveQueue.maxSge()) {
            throw SoftwareProvider.refused("postRecv", prepared.pieces + " pieces, at most " + receiveQueue.maxSge()
                    + " (EINVAL)");
        }
        WorkRequest slot = receiveQueue.claim();
        if (slot == null) {
            throw SoftwareProvider.refused("postRecv",
                    "the receive queue of queue pair " + qp_num + " is full (ENOMEM)");
        }
        slot.set(prepared);
        if (state == IBV_QPS_ERR) {
            flushReceives();
        }
    }

    /** A completion of that send has been polled. */
    void reclaim(long number) {
        reclaimed = Math.max(reclaimed, number + 1);
    }

    /** Carries out what can be; true if a send waits for the peer's receive. */
    boolean progress(long now) {
        while (executed < posted) {
            WorkRequest request = slots[(int) (executed % slots.length)];
            if (state == IBV_QPS_ERR) {
                complete(request, Completion.WR_FLUSH_ERR, 0);
            } else if (!execute(request, now)) {
                return true;
            }
        }
        return false;
    }

    /** False if it must wait. */
    private boolean execute(WorkRequest request, long now) {
        WireFault.Verdict verdict = notReadySince < 0
                ? fabric.fault().onWork(qp_num, request.opcode, request.bytes()) : WireFault.Verdict.DELIVER;
        boolean inline = request.has(IbvSendWR.IBV_SEND_INLINE);
        if (!inline && !memory.allows(pd, request, isFetch(request.opcode) ? IbvMr.IBV_ACCESS_LOCAL_WRITE : 0)) {
            return fail(request, Completion.LOC_PROT_ERR);
        } else if (verdict == WireFault.Verdict.LOSE || peer == null || peer.state != IBV_QPS_RTS || !peer.isOpen) {
            return fail(request, Completion.RETRY_EXC_ERR);
        } else if (needsReceive(request.opcode) && peer.receiveQueue.isEmpty()) {
            return waitForReceive(request, now);
        }
        notReadySince = -1;
        notReadyTries = 0;
        int status = switch (request.opcode) {
            case IbvSendWR.IBV_WR_SEND, IbvSendWR.IBV_WR_SEND_WITH_IMM -> send(request);
            case IbvSendWR.IBV_WR_RDMA_WRITE, IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM -> write(request);
            case IbvSendWR.IBV_WR_RDMA_READ -> read(request);
            default -> atomic(request);
        };
        if (status == Completion.SUCCESS && verdict == WireFault.Verdict.LOSE_ANSWER) {
            status = Completion.RETRY_EXC_ERR;
        }
        if (status != Completion.SUCCESS) {
            return fail(request, status);
        }
        complete(request, status, (int) request.bytes());
        return true;
    }

    private static boolean isFetch(int opcode) {
        return opcode >= IbvSendWR.IBV_WR_RDMA_READ;
    }

    private static boolean needsReceive(int opcode) {
        return opcode == IbvSendWR.IBV_WR_SEND || opcode == IbvSendWR.IBV_WR_SEND_WITH_IMM
                || opcode == IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM;
    }

    private boolean waitForReceive(WorkRequest request, long now) {
        if (notReadySince < 0) {
            notReadySince = now;
        } else if (rnrRetries != SoftwareLimits.RNR_FOREVER && now - notReadySince > SoftwareLimits.RNR_NANOS) {
            notReadySince = now;
            notReadyTries++;
        }
        if (notReadyTries > rnrRetries || rnrRetries == 0) {
            return fail(request, Completion.RNR_RETRY_EXC_ERR);
        }
        return false;
    }

    private int send(WorkRequest request) {
        WorkRequest into = peer.receiveQueue.take();
        if (request.bytes() > into.bytes()) {
            peer.failReceive(into, Completion.LOC_LEN_ERR);
            return Completion.REM_INV_REQ_ERR;
        } else if (!memory.allows(peer.receiveQueue.pd(), into, IbvMr.IBV_ACCESS_LOCAL_WRITE)) {
            peer.failReceive(into, Completion.LOC_PROT_ERR);
            return Completion.REM_OP_ERR;
        }
        int piece = 0;
        long at = 0;
        for (long done = 0; done < request.bytes();) {
            if (at == Integer.toUnsignedLong(into.lengths[piece])) {
                piece++;
                at = 0;
                continue;
            }
            long length = Math.min(request.bytes() - done, Integer.toUnsignedLong(into.lengths[piece]) - at);
            gather(request, done, into.addresses[piece] + at, length);
            done += length;
            at += length;
        }
        peer.receive(into.wrId, Completion.OP_RECV, request);
        return Completion.SUCCESS;
    }

    private int write(WorkRequest request) {
        if (request.bytes() > 0 && !memory.allows(peer.pd, request.remoteKey, request.remoteAddress, request.bytes(),
                IbvMr.IBV_ACCESS_REMOTE_WRITE)) {
            peer.enterError();
            return Completion.REM_ACCESS_ERR;
        }
        gather(request, 0, request.remoteAddress, request.bytes());
        if (request.opcode == IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM) {
            peer.receive(peer.receiveQueue.take().wrId, Completion.OP_RECV_RDMA_WITH_IMM, request);
        }
        return Completion.SUCCESS;
    }

    private int read(WorkRequest request) {
        if (request.bytes() > 0 && !memory.allows(peer.pd, request.remoteKey, request.remoteAddress, request.bytes(),
                IbvMr.IBV_ACCESS_REMOTE_READ)) {
            peer.enterError();
            return Completion.REM_ACCESS_ERR;
        }
        long from = request.remoteAddress;
        for (int i = 0; i < request.pieces; i++) {
            MemorySegment.copy(ALL, from, ALL, request.addresses[i], Integer.toUnsignedLong(request.lengths[i]));
            from += Integer.toUnsignedLong(request.lengths[i]);
        }
        return Completion.SUCCESS;
    }

    private int atomic(WorkRequest request) {
        if (request.bytes() != Long.BYTES || (request.remoteAddress & Long.BYTES - 1) != 0) {
            peer.enterError();
            return Completion.REM_INV_REQ_ERR;
        } else if (!memory.allows(peer.pd, request.remoteKey, request.remoteAddress, Long.BYTES,
                IbvMr.IBV_ACCESS_REMOTE_ATOMIC)) {
            peer.enterError();
            return Completion.REM_ACCESS_ERR;
        }
        long old = request.opcode == IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD
                ? (long) LONG.getAndAdd(ALL, request.remoteAddress, request.compareAdd)
                : (long) LONG.compareAndExchange(ALL, request.remoteAddress, request.compareAdd, request.swap);
        ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, request.addresses[0], old);
        return Completion.SUCCESS;
    }

    /** Copies {@code [from, from + length)} of the payload to an address. */
    private static void gather(WorkRequest request, long from, long to, long length) {
        if (request.has(IbvSendWR.IBV_SEND_INLINE)) {
            MemorySegment.copy(request.inline, (int) from, ALL, ValueLayout.JAVA_BYTE, to, (int) length);
            return;
        }
        long skip = from;
        long done = 0;
        for (int i = 0; i < request.pieces && done < length; i++) {
            long bytes = Integer.toUnsignedLong(request.lengths[i]);
            if (skip < bytes) {
                long part = Math.min(bytes - skip, length - done);
                MemorySegment.copy(ALL, request.addresses[i] + skip, ALL, to + done, part);
                done += part;
                skip = 0;
            } else {
                skip -= bytes;
            }
        }
    }

    private void receive(long wrId, int opcode, WorkRequest by) {
        boolean immediate = by.opcode != IbvSendWR.IBV_WR_SEND;
        addCompletion(receives, new Completion(this, -1, wrId, Completion.SUCCESS, opcode, (int) by.bytes(),
                immediate ? by.immediate : 0, immediate ? Completion.FLAG_IMMEDIATE : 0, 0),
                by.has(IbvSendWR.IBV_SEND_SOLICITED));
    }

    private void failReceive(WorkRequest request, int status) {
        addCompletion(receives, new Completion(this, -1, request.wrId, status, 0, 0, 0, 0, status), true);
        enterError();
    }

    private boolean fail(WorkRequest request, int status) {
        complete(request, status, 0);
        enterError();
        return true;
    }

    private void complete(WorkRequest request, int status, int bytes) {
        executed++;
        notReadySince = -1;
        if (status != Completion.SUCCESS || signalAll || request.has(IbvSendWR.IBV_SEND_SIGNALED)) {
            int opcode = request.opcode <= IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM ? 1
                    : request.opcode <= IbvSendWR.IBV_WR_SEND_WITH_IMM ? 0 : request.opcode - 2;
            addCompletion(sends, new Completion(this, request.number, request.wrId, status, opcode, bytes, 0, 0,
                    status), status != Completion.SUCCESS);
        }
    }

    private void addCompletion(SoftwareCq cq, Completion completion, boolean solicited) {
        cq.add(completion, solicited);
        if (cq.isOverrun() && state != IBV_QPS_ERR) {
            state = IBV_QPS_ERR;
        }
    }

    /** All that is posted completes as flushed. */
    void enterError() {
        if (state == IBV_QPS_ERR) {
            return;
        }
        state = IBV_QPS_ERR;
        flushReceives();
        while (executed < posted) {
            complete(slots[(int) (executed % slots.length)], Completion.WR_FLUSH_ERR, 0);
        }
    }

    private void flushReceives() {
        while (!sharedReceives && !receiveQueue.isEmpty()) {
            addCompletion(receives,
                    new Completion(this, -1, receiveQueue.take().wrId, Completion.WR_FLUSH_ERR, 0, 0, 0, 0, 0), true);
        }
    }

    void destroy() {
        isOpen = false;
        state = IBV_QPS_RESET;
        sends.forget(this);
        receives.forget(this);
        posted = executed;
    }
}
