package org.isthmus.comm.pt2pt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.isthmus.comm.buffer.BufferCopy;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.fault.Failures;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.node.connect.ConnectedProcesses;
import org.isthmus.node.endpoint.FarLink;
import org.isthmus.node.endpoint.LargeRecordDescriptor;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RecordLink;
import org.isthmus.node.endpoint.RemoteLink;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.status.Protocol;
import org.isthmus.node.status.RankCounter;
import org.isthmus.node.status.RankCounters;

/**
 * The sending side of the protocols: chooses one for each message and moves it as far as room allows.
 *
 * <p>INLINE: the bytes travel in the record. EAGER: they are packed into blocks, announced without asking. RENDEZVOUS:
 * a ready-to-send record goes out; a message that lies in the node segment is then copied by the receiver alone, any
 * other one is packed into blocks once the receiver has cleared it ({@link LargeSender}: to other nodes). Standard
 * sends that the receiver's window of unmatched bytes has no room for wait in their outbox.
 *
 * <p>Owned by the engine thread. The file is long because every protocol takes its turn in one outbox, whose order and
 * window are kept here.
 */
final class Sender {
    private final RankEndpoint endpoint;
    private final NodeRanks ranks;
    private final MemorySegment memory;
    private final RankCounters counters;
    private final PointToPointOptions options;
    private final TransferTable sends;
    private final LargeSender large;
    private final BlockSender blocks;
    private PeerOutbox[] outboxes;
    private PeerOutbox[] busy;
    private ConnectedProcesses connected;
    private int busyCount;
    /** Null in a job that ends with its first failure. */
    private Failures failures;
    private int announcements;
    private final long processId = ProcessHandle.current().pid();

    Sender(RankEndpoint endpoint, NodeRanks ranks, PointToPointOptions options, TransferTable sends,
            DeviceCopies copies) {
        this.endpoint = endpoint;
        this.ranks = ranks;
        this.memory = endpoint.memory();
        this.counters = endpoint.counters();
        this.options = options;
        this.sends = sends;
        this.blocks = new BlockSender(endpoint, options.fragmentBytes(), options.pieceBytes(), copies);
        this.large = new LargeSender(endpoint, ranks, options, blocks);
        this.outboxes = new PeerOutbox[ranks.jobSize()];
        this.busy = new PeerOutbox[ranks.jobSize()];
    }

    /** From now on the job survives losses. */
    void survive(Failures failures) {
        this.failures = failures;
    }

    /**
     * Ends sends that cannot go on. A receiver that is there gets the rest of what has begun, and may ask for what was
     * only announced: that is answered with nothing more.
     */
    void endBroken() {
        for (Transfer send : sends.all()) {
            CommException problem = send.abandoned ? null : failures.problem(send.comm, send.peer);
            if (failures.isLost(send.peer)) {
                sends.remove(send);
                if (problem != null) {
                    send.end(problem);
                }
            } else if (problem != null && !send.streaming) {
                sends.abandon(send);
                send.end(problem);
            }
        }
        for (PeerOutbox out : outboxes) {
            if (out != null) {
                endBroken(out);
            }
        }
    }

    private void endBroken(PeerOutbox out) {
        boolean lost = failures.isLost(out.peer);
        for (Transfer send = out.head; send != null;) {
            Transfer next = send.next;
            CommException problem = failures.problem(send.comm, send.peer);
            if (problem != null && (lost || send.position == 0)) {
                out.remove(send);
                send.end(problem);
            }
            send = next;
        }
        if (lost) {
            out.dropAll();
        }
    }

    PeerOutbox outbox(int peer) {
        PeerOutbox outbox = peer < outboxes.length ? outboxes[peer] : null;
        return outbox != null ? outbox : newOutbox(peer);
    }

    private PeerOutbox newOutbox(int peer) {
        if (peer >= outboxes.length) {
            outboxes = Arrays.copyOf(outboxes, Math.max(peer + 1, outboxes.length * 2));
        }
        outboxes[peer] = new PeerOutbox(peer, link(peer), holder(peer), ranks.place(peer) != NodeRanks.ELSEWHERE);
        return outboxes[peer];
    }

    /** From now on processes of other jobs can be sent to. */
    void connect(ConnectedProcesses connected) {
        this.connected = connected;
    }

    /** The heap of whoever takes blocks for {@code peer}: its own, its node's way out, or this one that writes them. */
    private int holder(int peer) {
        NodeSegment segment = endpoint.segment();
        if (peer >= ranks.jobSize()) {
            return segment.messageHeap(endpoint.rank());
        }
        int place = ranks.place(peer);
        return segment.messageHeap(place != NodeRanks.ELSEWHERE ? place : wayOut(peer));
    }

    private RecordLink link(int peer) {
        if (peer >= ranks.jobSize()) {
            return connected.link(peer);
        }
        int place = ranks.place(peer);
        return place != NodeRanks.ELSEWHERE ? endpoint.link(place) : new RemoteLink(endpoint,
                endpoint.link(wayOut(peer)), ranks.rank(endpoint.rank()), peer);
    }

    /** Place of the part of the multiplexer that carries what goes to a rank of another node. */
    private int wayOut(int peer) {
        return ranks.multiplexer(ranks.shardOf(ranks.rank(endpoint.rank()), peer));
    }

    /** A receiver that does not share our segment has passed on {@code bytes} of eager messages. */
    void onGrant(int peer, long bytes) {
        if (!(outbox(peer).link instanceof FarLink link) || bytes < 0) {
            throw new CorruptRecordException("grant of " + bytes + " bytes from rank " + peer);
        }
        link.granted(bytes);
    }

    /** Sends a short contiguous message at once if nothing is before it and there is room; the fast way. */
    boolean sendInline(Communicator comm, Object base, long offset, long bytes, int peer, int tag) {
        PeerOutbox out = outbox(peer);
        if (!isInline(out, bytes) || out.head != null || !hasWindow(out, bytes) || UserBuffer.isOnDevice(base)) {
            return false;
        }
        long payload = out.link.claim((int) bytes);
        if (payload == RecordLink.BACK_PRESSURED) {
            return false;
        }
        BufferCopy.toSegment(base, offset, memory, payload, bytes);
        out.link.publish(RecordDescriptor.header(RecordKind.EAGER_INLINE, comm.contextId(), tag, (int) bytes));
        out.sentBytes += PointToPointOptions.RECORD_COST + bytes;
        counters.sent(out.inline, bytes);
        return true;
    }

    private boolean isInline(PeerOutbox out, long bytes) {
        return bytes <= options.inlineLimit() && bytes <= out.link.maxPayload();
    }

    /** Starts a send; it completes now or by progress. */
    void start(Transfer send) {
        PeerOutbox out = outbox(send.peer);
        if (out.link instanceof FarLink link && link.isGone()) {
            failGone(send);
            return;
        }
        send.protocol = chooseProtocol(out, send);
        if (out.head != null || !advance(out, send)) {
            out.enqueue(send);
            list(out);
        }
    }

    private static void failGone(Transfer send) {
        send.fail(ErrorClass.PROC_ABORTED, Receiver.GONE);
        send.complete();
    }

    /** A process of another job has left: what waits for it ends with an error. */
    void onGone(int peer) {
        PeerOutbox out = outbox(peer);
        while (out.head != null) {
            Transfer send = out.head;
            out.remove(send);
            failGone(send);
        }
        while (out.streams != null) {
            out.removeStream();
        }
        sends.removeAllTo(peer).forEach(Sender::failGone);
    }

    /**
     * Tries to take a send back; at once while nothing of it has left. One that was only announced is asked for: it
     * ends by the answer.
     */
    boolean cancel(Transfer send) {
        PeerOutbox out = outbox(send.peer);
        for (Transfer queued = out.head; queued != null; queued = queued.next) {
            if (queued == send && send.position == 0) {
                out.remove(send);
                return true;
            }
        }
        if (send.id >= 0 && !send.streaming && !send.withdrawn) {
            Withdrawals.ask(send, this);
        }
        return false;
    }

    /** The receiver is ready for the bytes of a rendezvous send, or for more of them. */
    void onClearToSend(Transfer send, int payloadBytes, long payload) {
        if (send.abandoned) {
            sends.remove(send);
            return;
        }
        PeerOutbox out = outbox(send.peer);
        if (!send.streaming) {
            counters.sent(out.rendezvous, send.bytesAsked);
        }
        if (send.large) {
            large.clear(send, payloadBytes, payload);
        } else {
            send.remoteId = memory.get(ValueLayout.JAVA_LONG, payload);
        }
        send.streaming = true;
        if (!send.queued) {
            send.queued = true;
            if (send.bytesAsked <= options.eagerLimit()) {
                out.addShortStream(send);
            } else {
                out.addStream(send);
            }
        }
        if (!flush(out)) {
            list(out);
        }
    }

    /** The receiver has all of a rendezvous send. */
    void onFinished(Transfer send) {
        sends.remove(send);
        counters.sent(copiedBy(send), send.bytesAsked);
        send.complete();
    }

    /** How a message went that the receiver has without asking for its bytes. */
    private Protocol copiedBy(Transfer send) {
        if (send.bytesAsked == 0 || !isHere(send)) {
            return outbox(send.peer).rendezvous;
        }
        return send.liesIn(memory) ? Protocol.SHARED : Protocol.SINGLE_COPY;
    }

    /** Sends a control record, now or when there is room. */
    void sendControl(int peer, int kind, int id, long payloadWord) {
        int bytes = kind == RecordKind.FINISHED ? 0 : RecordKind.CONTROL_BYTES;
        sendControl(peer, RecordDescriptor.header(kind, 0, id, bytes), payloadWord, 0, 0);
    }

    /** Clears {@code limit} bytes of a large send of another node. */
    void sendLargeClear(int peer, int sendId, long receiveId, long limit, long landing) {
        sendControl(peer, RecordDescriptor.header(RecordKind.CLEAR_TO_SEND, 0, sendId,
                LargeRecordDescriptor.CLEAR_BYTES), receiveId, limit, landing);
    }

    void sendControl(int peer, long header, long first, long second, long third) {
        if (failures != null && failures.isLost(peer)) {
            return;
        }
        PeerOutbox out = outbox(peer);
        if (out.hasControls() || !writeControl(out, header, first, second, third)) {
            out.addControl(header, first, second, third);
            list(out);
        }
    }

    /** Moves what waits for room. Returns how many outboxes got rid of all. */
    int progress() {
        int finished = 0;
        for (int i = busyCount - 1; i >= 0; i--) {
            PeerOutbox out = busy[i];
            if (flush(out)) {
                out.listed = false;
                busy[i] = busy[--busyCount];
                finished++;
            }
        }
        return finished;
    }

    boolean hasWork() {
        return busyCount != 0;
    }

    private Transfer.Protocol chooseProtocol(PeerOutbox out, Transfer send) {
        if (send.mode == PointToPoint.Mode.SYNCHRONOUS) {
            return Transfer.Protocol.RENDEZVOUS;
        }
        long bytes = send.bytesAsked;
        if (isInline(out, bytes)) {
            return Transfer.Protocol.INLINE;
        }
        boolean shared = bytes > options.sharedLimit() && send.liesIn(memory) && isHere(send);
        int eagerLimit = isHere(send) ? options.eagerLimit() : options.remoteEagerLimit();
        return bytes > eagerLimit || shared ? Transfer.Protocol.RENDEZVOUS : Transfer.Protocol.EAGER;
    }

    private boolean isHere(Transfer send) {
        return ranks.place(send.peer) != NodeRanks.ELSEWHERE;
    }

    private void list(PeerOutbox out) {
        if (!out.listed) {
            out.listed = true;
            if (busyCount == busy.length) {
                busy = Arrays.copyOf(busy, busyCount * 2);
            }
            busy[busyCount++] = out;
        }
    }

    /** Sends all that there is room for; true when nothing is left. */
    private boolean flush(PeerOutbox out) {
        while (out.hasControls()) {
            if (!writeControl(out, out.controlWord(0), out.controlWord(1), out.controlWord(2), out.controlWord(3))) {
                return false;
            }
            out.removeControl();
        }
        while (out.head != null) {
            Transfer send = out.head;
            if (!advanceQueued(out, send)) {
                break;
            }
            out.remove(send);
        }
        while (out.streams != null) {
            if (!advanceFirstStream(out)) {
                return false;
            }
            Transfer send = out.streams;
            out.removeStream();
            send.queued = false;
            if (send.position == send.bytesAsked && !(send.large && send.liesIn(memory))) {
                sends.remove(send);
                send.complete();
            }
        }
        return out.isIdle();
    }

    /** As {@link #advance}; a send whose device fails ends, and so that its receiver is not waited for, the wait. */
    private boolean advanceQueued(PeerOutbox out, Transfer send) {
        try {
            return advance(out, send);
        } catch (CommException e) {
            out.remove(send);
            send.end(e);
            throw e;
        }
    }

    /** The same of what was cleared. What a send whose device fails is asked for yet is not sent. */
    private boolean advanceFirstStream(PeerOutbox out) {
        Transfer send = out.streams;
        try {
            return send.large ? large.advance(out, send) : blocks.advanceStream(out, send);
        } catch (CommException e) {
            out.removeStream();
            sends.abandon(send);
            send.end(e);
            throw e;
        }
    }

    /** Moves the send at the head of its outbox on; true when it needs its place in matching order no more. */
    private boolean advance(PeerOutbox out, Transfer send) {
        return switch (send.protocol) {
            case INLINE -> advanceInline(out, send);
            case EAGER -> advanceEager(out, send);
            case RENDEZVOUS -> readyToSend(out, send);
        };
    }

    private boolean advanceInline(PeerOutbox out, Transfer send) {
        int bytes = (int) send.bytesAsked;
        if (!hasWindow(out, bytes)) {
            return out.stop(counters, RankCounter.WINDOW_FULL);
        }
        MemorySegment packed = UserBuffer.isOnDevice(send.base) ? blocks.packed(send, bytes) : null;
        long payload = out.link.claim(bytes);
        if (payload == RecordLink.BACK_PRESSURED) {
            return out.stop(counters, RankCounter.RING_FULL);
        }
        out.go();
        if (packed != null) {
            BufferCopy.toSegment(packed, 0, memory, payload, bytes);
        } else {
            Packer.pack(send.base, send.offset, send.count, send.type, 0, memory, payload, bytes);
        }
        out.link.publish(RecordDescriptor.header(RecordKind.EAGER_INLINE, send.context, send.matchTag, bytes));
        out.sentBytes += PointToPointOptions.RECORD_COST + bytes;
        counters.sent(out.inline, bytes);
        send.complete();
        return true;
    }

    private boolean advanceEager(PeerOutbox out, Transfer send) {
        if (send.position == 0 && !hasWindow(out, send.bytesAsked)) {
            out.stop(counters, RankCounter.WINDOW_FULL);
        } else {
            BlockSender.Step step = blocks.advanceEager(out, send);
            if (step != BlockSender.Step.REFUSED) {
                return step == BlockSender.Step.DONE;
            }
        }
        send.protocol = Transfer.Protocol.RENDEZVOUS;
        return readyToSend(out, send);
    }

    private boolean readyToSend(PeerOutbox out, Transfer send) {
        if (!hasWindow(out, 0)) {
            return out.stop(counters, RankCounter.WINDOW_FULL);
        }
        long payload = out.link.claim(RecordKind.READY_TO_SEND_BYTES);
        if (payload == RecordLink.BACK_PRESSURED) {
            return out.stop(counters, RankCounter.RING_FULL);
        }
        out.go();
        boolean here = isHere(send);
        send.large = large.takes(send);
        long shared = here && send.liesIn(memory) ? send.offset
                : send.large ? RecordKind.BY_REGION : RecordKind.NOT_SHARED;
        put(payload + RecordKind.READY_TOTAL_OFFSET, send.bytesAsked);
        send.announcement = ++announcements;
        put(payload + RecordKind.READY_SEND_OFFSET, (long) send.announcement << 32 | sends.add(send));
        put(payload + RecordKind.READY_SHARED_OFFSET, shared);
        put(payload + RecordKind.READY_PROCESS_OFFSET, processId);
        put(payload + RecordKind.READY_ADDRESS_OFFSET, here ? readableAddress(send) : 0);
        out.link.publish(RecordDescriptor.header(RecordKind.READY_TO_SEND, send.context, send.matchTag,
                RecordKind.READY_TO_SEND_BYTES));
        out.sentBytes += PointToPointOptions.RECORD_COST;
        return true;
    }

    /** Address of a contiguous off-heap message, which the receiver may read from this process; 0 if there is none. */
    private long readableAddress(Transfer send) {
        return send.base instanceof MemorySegment s && s.isNative() && send.type.isContiguous()
                ? s.address() + send.offset : 0;
    }

    private boolean writeControl(PeerOutbox out, long header, long first, long second, long third) {
        int bytes = RecordDescriptor.payloadBytes(header);
        long payload = out.link.claim(bytes);
        if (payload == RecordLink.BACK_PRESSURED) {
            return false;
        }
        if (bytes == LargeRecordDescriptor.CLEAR_BYTES) {
            put(payload + LargeRecordDescriptor.CLEAR_RECEIVE_OFFSET, first);
            put(payload + LargeRecordDescriptor.CLEAR_LIMIT_OFFSET, second);
            put(payload + LargeRecordDescriptor.CLEAR_LANDING_OFFSET, third);
        } else if (bytes > 0) {
            put(payload, first);
        }
        out.link.publish(header);
        return true;
    }

    private boolean hasWindow(PeerOutbox out, long bytes) {
        long after = out.sentBytes + bytes;
        if (after - out.grantedCache <= options.eagerWindow()) {
            return true;
        }
        out.grantedCache = out.link.grantedBytes();
        if (after - out.grantedCache <= options.eagerWindow()) {
            return true;
        }
        endpoint.waiter().stall();
        return false;
    }

    private void put(long at, long word) {
        memory.set(ValueLayout.JAVA_LONG, at, word);
    }
}
