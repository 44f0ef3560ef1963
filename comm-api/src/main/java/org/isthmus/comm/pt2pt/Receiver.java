package org.isthmus.comm.pt2pt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.fault.Failures;
import org.isthmus.comm.group.Communicator;
import org.isthmus.node.endpoint.BlockRecordDescriptor;
import org.isthmus.node.endpoint.LargeRecordDescriptor;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.OneSidedRecordDescriptor;
import org.isthmus.node.endpoint.OneSidedRequests;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RecordHandler;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.status.Protocol;
import org.isthmus.node.status.RankCounter;
import org.isthmus.node.status.RankCounters;

/**
 * The receiving side of the protocols: matches arriving records and moves their bytes into the user's buffer,
 * or keeps them in the unexpected store.
 *
 * <p>Every offset and length that comes from another rank is checked before use. Owned by the engine thread. The file
 * is long because every kind of record is taken here; each is a short method.
 */
final class Receiver implements RecordHandler {
    static final String GONE = "the other process, of another job, has called MPI.Finalize: nothing passes between "
            + "the two any more; let it disconnect, or finalize, after its last message";

    private static final MemorySegment EMPTY = MemorySegment.ofArray(new byte[0]);

    private final RankEndpoint endpoint;
    private final NodeRanks ranks;
    private final int rank;
    private final MemorySegment memory;
    private final RankHeap heap;
    private final RankCounters counters;
    private final MatchTable matching;
    private final Sender sender;
    private final TransferTable sends;
    private final TransferTable receives;
    private final SingleCopy singleCopy;
    private final LandingBudget landing;
    private final long grantBatch;
    private final EagerReceiver eager;
    private final OneSidedRequests oneSided;
    private final DeviceCopies copies;
    private final Withdrawals withdrawals;
    /** Null before the first receive into a device's memory. */
    private UnpackQueue unpacks;
    /** Per sender that does not share our segment: bytes passed on of which it has not been told. */
    private long[] remoteGrants;
    private final BitSet gone = new BitSet();

    /** Null in a job that ends with its first failure. */
    private Failures failures;

    private final IncomingPool pool = new IncomingPool();
    private MemorySegment chunk;

    Receiver(RankEndpoint endpoint, NodeRanks ranks, PointToPointOptions options, MatchTable matching, Sender sender,
            TransferTable sends, TransferTable receives, OneSidedRequests oneSided, DeviceCopies copies) {
        this.oneSided = oneSided;
        this.endpoint = endpoint;
        this.ranks = ranks;
        this.rank = ranks.rank(endpoint.rank());
        this.memory = endpoint.memory();
        this.heap = endpoint.heap();
        this.counters = endpoint.counters();
        this.matching = matching;
        this.sender = sender;
        this.sends = sends;
        this.receives = receives;
        this.copies = copies;
        this.withdrawals = new Withdrawals(memory, matching, sends, sender, this);
        this.singleCopy = new SingleCopy();
        this.landing = new LandingBudget(options, receives, sender);
        this.grantBatch = options.eagerWindow() / 4;
        this.remoteGrants = new long[ranks.jobSize()];
        this.eager = new EagerReceiver(this, endpoint, matching, options.eagerWindow(), ranks.jobSize());
    }

    @Override
    public void onRecord(int source, long header, long payload) {
        if (RecordDescriptor.kind(header) == RecordKind.EAGER_INLINE) {
            onInline(source, header, payload);
        } else {
            onOtherRecord(source, header, payload);
        }
    }

    /** Takes a record of a process of another job. */
    void onForeignRecord(int source, long header, long payload) {
        if (source >= remoteGrants.length) {
            remoteGrants = Arrays.copyOf(remoteGrants, Math.max(source + 1, remoteGrants.length * 2));
            eager.grow(remoteGrants.length);
        }
        if (RecordDescriptor.kind(header) == RecordKind.READY_TO_SEND
                && (word(payload + RecordKind.READY_SHARED_OFFSET) != RecordKind.NOT_SHARED
                || word(payload + RecordKind.READY_ADDRESS_OFFSET) != 0)) {
            throw new CorruptRecordException("a message in memory that is not shared, from process " + source
                    + " of another job");
        }
        onRecord(source, header, payload);
    }

    /** A process of another job has left, after all that it sent: whatever waits for it ends with an error. */
    void onGone(int source) {
        gone.set(source);
        for (Transfer receive = matching.postedFrom(source); receive != null; receive = matching.postedFrom(source)) {
            matching.removePosted(receive);
            receive.fail(ErrorClass.PROC_ABORTED, GONE);
            receive.complete();
        }
        sender.onGone(source);
    }

    /** Whether {@code source}, which may be a wildcard, is a process of another job that has left. */
    boolean isGone(int source) {
        return source >= ranks.jobSize() && gone.get(source);
    }

    private void onOtherRecord(int source, long header, long payload) {
        switch (RecordDescriptor.kind(header)) {
            case RecordKind.EAGER_FIRST -> eager.onFirst(source, header, payload);
            case RecordKind.EAGER_NEXT -> eager.onNext(source, payload);
            case RecordKind.READY_TO_SEND -> onReadyToSend(source, header, payload);
            case RecordKind.CLEAR_TO_SEND -> {
                if (!isLost(source)) {
                    sender.onClearToSend(sends.get(RecordDescriptor.tag(header), source),
                            RecordDescriptor.payloadBytes(header), payload);
                }
            }
            case RecordKind.DATA -> onData(source, header, payload);
            case LargeRecordDescriptor.KIND_ARRIVED -> onArrived(source, header, payload);
            case OneSidedRecordDescriptor.KIND -> oneSided.onRecord(source, header);
            case RecordKind.GRANT -> sender.onGrant(source, word(payload));
            case RecordKind.FINISHED -> {
                if (!isLost(source) && RecordDescriptor.context(header) != 0) {
                    withdrawals.onRecord(source, header, payload);
                } else if (!isLost(source)) {
                    sender.onFinished(sends.get(RecordDescriptor.tag(header), source));
                }
            }
            default -> throw new CorruptRecordException("kind " + RecordDescriptor.kind(header) + " from rank "
                    + source);
        }
    }

    /** From now on the job survives losses. */
    void survive(Failures failures) {
        this.failures = failures;
    }

    boolean isLost(int source) {
        return failures != null && failures.isLost(source);
    }

    /** Completes what devices have unpacked; part of each progress pass. */
    int finishUnpacks() {
        return unpacks == null ? 0 : unpacks.progress();
    }

    /** Ends receives that cannot go on; of those whose sender is there the rest of the message is thrown away. */
    void endBroken() {
        if (unpacks != null) {
            unpacks.drain();
        }
        for (Transfer receive : matching.allPosted()) {
            CommException problem = failures.problem(receive.comm, receive.peer);
            if (problem != null) {
                matching.removePosted(receive);
                receive.end(problem);
            }
        }
        for (Transfer receive : receives.all()) {
            CommException problem = failures.problem(receive.comm, receive.peer);
            if (problem != null && isLost(receive.peer)) {
                receives.remove(receive);
                receive.end(problem);
            } else if (problem != null) {
                receives.replace(receive.remainder());
                receive.id = -1;
                receive.end(problem);
            }
        }
        eager.endBroken(failures);
        for (Incoming message : matching.allUnexpected()) {
            Transfer own = message.localSend;
            CommException problem = own == null ? null : failures.problem(own.comm);
            if (problem != null) {
                matching.removeUnexpected(message);
                own.end(problem);
            }
            if (isLost(message.peer) && !EagerReceiver.isWhole(message)) {
                matching.removeUnexpected(message);
                eager.drop(message);
            }
        }
    }

    /** Posts a receive, or completes it from the unexpected store. */
    void start(Transfer receive) {
        CommException broken = failures != null && failures.isAny() ? failures.problem(receive.comm) : null;
        if (broken != null) {
            receive.end(broken);
            return;
        }
        Incoming message = matching.findUnexpected(receive.context, receive.peer, receive.matchTag);
        if (message == null) {
            CommException problem =
                    failures != null && failures.isAny() ? failures.problem(receive.comm, receive.peer) : null;
            if (problem != null) {
                receive.end(problem);
                return;
            }
            if (isGone(receive.peer)) {
                receive.fail(ErrorClass.PROC_ABORTED, GONE);
                receive.complete();
                return;
            }
            matching.post(receive);
        } else {
            matching.removeUnexpected(message);
            deliver(message, receive);
        }
    }

    /** An entry for the unexpected store. */
    Incoming newIncoming(int kind, int context, int source, int tag, long total) {
        return pool.take(kind, context, source, tag, total);
    }

    /** Moves an unexpected message that was taken out of the store into the buffer of {@code receive}. */
    void deliver(Incoming message, Transfer receive) {
        if (isLost(message.peer) && !EagerReceiver.isWhole(message)) { // a probe took it before its sender was lost
            eager.drop(message);
            receive.end(failures.problem(receive.comm, message.peer));
            return;
        }
        match(receive, message.peer, message.matchTag, message.total);
        switch (message.kind) {
            case RecordKind.EAGER_INLINE -> {
                grant(message.peer, PointToPointOptions.RECORD_COST + message.total);
                counters.received(by(Protocol.INLINE, message.peer), message.total);
                unpack(receive, message.data, 0, 0, message.total);
                receive.complete();
            }
            case RecordKind.EAGER_FIRST -> {
                grant(message.peer, PointToPointOptions.RECORD_COST + message.total);
                counters.received(by(Protocol.EAGER, message.peer), message.total);
                eager.deliver(message, receive);
            }
            case RecordKind.READY_TO_SEND -> {
                grant(message.peer, PointToPointOptions.RECORD_COST);
                accept(receive, message.sendId, message.sharedOffset, message.processId, message.address);
            }
            case RecordKind.LOCAL -> {
                counters.received(Protocol.SELF, message.total);
                SelfDelivery.copy(message.localSend, receive, this);
                message.localSend = null;
            }
            default -> throw new IllegalStateException("unexpected store holds kind " + message.kind);
        }
        pool.giveBack(message);
    }

    /** Ends an announced message that was taken out of the store and is not received. */
    void dropAnnounced(Incoming message) {
        grant(message.peer, PointToPointOptions.RECORD_COST);
        pool.giveBack(message);
    }

    /** Throws unexpected messages on {@code contexts} away. */
    void discard(Communicator comm, IntPredicate contexts) {
        for (Incoming message : matching.allUnexpected()) {
            if (contexts.test(message.context)) {
                matching.removeUnexpected(message);
                Transfer nowhere = new Transfer().set(comm, EMPTY, 0, 0, TypeMap.of(Primitive.BYTE), message.peer,
                        message.matchTag);
                deliver(message, nowhere);
            }
        }
    }

    RankCounters counters() {
        return counters;
    }

    /** Room for {@link SelfDelivery#CHUNK} bytes, kept. */
    MemorySegment chunk() {
        if (chunk == null) {
            chunk = MemorySegment.ofArray(new byte[SelfDelivery.CHUNK]);
        }
        return chunk;
    }

    private void onInline(int source, long header, long payload) {
        int bytes = RecordDescriptor.payloadBytes(header);
        int context = RecordDescriptor.context(header);
        int tag = RecordDescriptor.tag(header);
        Transfer receive = matching.takePosted(context, source, tag);
        if (receive == null) {
            storeInline(context, source, tag, payload, bytes);
            return;
        }
        match(receive, source, tag, bytes);
        counters.received(by(Protocol.INLINE, source), bytes);
        unpack(receive, memory, payload, 0, bytes);
        grant(source, PointToPointOptions.RECORD_COST + bytes);
        receive.complete();
    }

    private void storeInline(int context, int source, int tag, long payload, int bytes) {
        Incoming message = newIncoming(RecordKind.EAGER_INLINE, context, source, tag, bytes);
        message.store(memory, payload, bytes);
        keep(message);
    }

    private void onReadyToSend(int source, long header, long payload) {
        int context = RecordDescriptor.context(header);
        int tag = RecordDescriptor.tag(header);
        long total = word(payload + RecordKind.READY_TOTAL_OFFSET);
        int sendId = (int) word(payload + RecordKind.READY_SEND_OFFSET);
        long sharedOffset = word(payload + RecordKind.READY_SHARED_OFFSET);
        long processId = word(payload + RecordKind.READY_PROCESS_OFFSET);
        long address = word(payload + RecordKind.READY_ADDRESS_OFFSET);
        boolean known = sharedOffset == RecordKind.NOT_SHARED || (ranks.place(source) == NodeRanks.ELSEWHERE
                ? sharedOffset == RecordKind.BY_REGION && total > 0 : endpoint.segment().holds(sharedOffset, total));
        if (total < 0 || !known) {
            throw new CorruptRecordException("message of " + total + " bytes at " + sharedOffset + " from rank "
                    + source);
        }
        if (isLost(source)) {
            return;
        }
        Transfer receive = matching.takePosted(context, source, tag);
        if (receive == null) {
            Incoming message = newIncoming(RecordKind.READY_TO_SEND, context, source, tag, total);
            message.sendId = sendId;
            message.announcement = (int) (word(payload + RecordKind.READY_SEND_OFFSET) >>> 32);
            message.sharedOffset = sharedOffset;
            message.processId = processId;
            message.address = address;
            keep(message);
            return;
        }
        match(receive, source, tag, total);
        grant(source, PointToPointOptions.RECORD_COST);
        accept(receive, sendId, sharedOffset, processId, address);
    }

    private void onData(int source, long header, long payload) {
        if (isLost(source) && !receives.contains(RecordDescriptor.tag(header), source)) {
            heap.consume(word(payload + BlockRecordDescriptor.BLOCK_OFFSET));
            return;
        }
        Transfer receive = receives.get(RecordDescriptor.tag(header), source);
        long block = word(payload + BlockRecordDescriptor.BLOCK_OFFSET);
        int bytes = EagerReceiver.checkedBytes(source, block, word(payload + BlockRecordDescriptor.BYTES_OFFSET));
        long position = word(payload + BlockRecordDescriptor.POSITION_OFFSET);
        if (receive.straight || position != receive.position || position + bytes > receive.total) {
            throw new CorruptRecordException("fragment of " + bytes + " bytes at " + position + " from rank " + source);
        }
        boolean byDevice = UserBuffer.isOnDevice(receive.base);
        if (byDevice) {
            unpackByDevice(source, receive, block, bytes, position);
        } else {
            unpack(receive, memory, heap.peek(block, bytes), position, bytes);
            heap.consume(block);
        }
        receive.position += bytes;
        if (receive.limit > 0) {
            landing.taken(receive, bytes);
        }
        if (receive.position == receive.total) {
            receives.remove(receive);
            if (byDevice) {
                unpacks.end(receive);
            } else {
                receive.complete();
            }
        }
    }

    private void unpackByDevice(int source, Transfer receive, long block, int bytes, long position) {
        if (unpacks == null) {
            unpacks = new UnpackQueue(memory, heap, copies);
        }
        eager.accept(source, block, bytes);
        long stored = Math.min(bytes, receive.bytesAsked - position);
        if (stored > 0) {
            unpacks.add(receive, block, position, stored);
        } else {
            heap.free(block);
        }
    }

    /** A large message from another node lies in the buffer of its receive. */
    private void onArrived(int source, long header, long payload) {
        Transfer receive = receives.get(RecordDescriptor.tag(header), source);
        if (!receive.straight || word(payload) != receive.total) {
            throw new CorruptRecordException(word(payload) + " bytes of " + receive.total + " have arrived from rank "
                    + source);
        }
        receives.remove(receive);
        receive.complete();
    }

    /** Gives a receive the envelope of its message. */
    static void match(Transfer receive, int source, int tag, long total) {
        receive.matched = true;
        receive.source = receive.comm.rankOfWorld(source);
        receive.peer = source;
        receive.tag = tag;
        receive.total = total;
        receive.bytes = total;
        if (total > receive.bytesAsked) {
            truncate(receive, total);
        }
    }

    private static void truncate(Transfer receive, long total) {
        receive.bytes = receive.bytesAsked;
        receive.fail(ErrorClass.TRUNCATE,
                "the message from rank " + receive.source + " with tag " + receive.tag + " has "
                + total + " bytes, the receive buffer has room for " + receive.bytesAsked
                + "; the first " + receive.bytesAsked + " bytes were stored");
    }

    /** A matched rendezvous: copies at once where the message can be reached, or asks for it. */
    private void accept(Transfer receive, int sendId, long sharedOffset, long processId, long address) {
        long stored = receive.bytes;
        Protocol protocol = Protocol.RENDEZVOUS;
        if (receive.total == 0) {
            finish(receive, sendId);
        } else if (sharedOffset == RecordKind.BY_REGION) {
            boolean straight = receive.liesIn(memory) && receive.bytesAsked >= receive.total;
            landing.ask(receive, sendId, straight);
        } else if (sharedOffset != RecordKind.NOT_SHARED) {
            protocol = Protocol.SHARED;
            unpack(receive, memory, sharedOffset, 0, stored);
            finish(receive, sendId);
        } else if (address != 0 && singleCopy.read(processId, address, receive, stored)) {
            protocol = Protocol.SINGLE_COPY;
            finish(receive, sendId);
        } else {
            receive.position = 0;
            sender.sendControl(receive.peer, RecordKind.CLEAR_TO_SEND, sendId, receives.add(receive));
        }
        counters.received(by(protocol, receive.peer), receive.total);
    }

    /** How a message counts that came from {@code source} in that way. */
    Protocol by(Protocol protocol, int source) {
        if (source == rank) {
            return Protocol.SELF;
        }
        return ranks.place(source) == NodeRanks.ELSEWHERE ? Protocol.REMOTE : protocol;
    }

    /** Puts a message into the unexpected store. */
    void keep(Incoming message) {
        counters.increment(RankCounter.UNEXPECTED);
        matching.addUnexpected(message);
    }

    private void finish(Transfer receive, int sendId) {
        sender.sendControl(receive.peer, RecordKind.FINISHED, sendId, 0);
        receive.complete();
    }

    /** Stores bytes of the message's stream, less those that the buffer has no room for. */
    static void unpack(Transfer receive, MemorySegment from, long fromOffset, long position, long bytes) {
        long stored = Math.min(bytes, receive.bytesAsked - position);
        if (stored > 0) {
            try {
                Packer.unpack(from, fromOffset, receive.base, receive.offset, receive.count, receive.type, position,
                        stored);
            } catch (CommException e) { // of a device: the message is consumed all the same
                receive.fail(e.errorClass(), e.getMessage());
            }
        }
    }

    void grant(int source, long bytes) {
        int place = ranks.place(source);
        if (place == NodeRanks.ELSEWHERE) {
            grantRemote(source, bytes);
        } else if (source != rank) {
            endpoint.grant(place, bytes, grantBatch);
        }
    }

    private void grantRemote(int source, long bytes) {
        remoteGrants[source] += bytes;
        if (remoteGrants[source] >= grantBatch) {
            sender.sendControl(source, RecordKind.GRANT, 0, remoteGrants[source]);
            remoteGrants[source] = 0;
        }
    }

    private long word(long offset) {
        return memory.get(ValueLayout.JAVA_LONG, offset);
    }
}
