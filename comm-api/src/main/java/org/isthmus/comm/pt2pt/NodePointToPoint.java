package org.isthmus.comm.pt2pt;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.isthmus.allocator.segment.SegmentFullException;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.fault.Failures;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.progress.Completion;
import org.isthmus.comm.progress.Progress;
import org.isthmus.node.connect.ConnectedProcesses;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.OneSidedRequests;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RemoteRecords;

/**
 * Point-to-point by records through the node's segment, to ranks of this node and, by its multiplexer, to those of
 * others, and by sockets to processes of other jobs: the way in for every send and receive.
 *
 * <p>Assumptions: one thread at a time (the engine lock). A blocking call uses a kept {@link Transfer}, so it allocates
 * nothing.
 */
public final class NodePointToPoint implements PointToPoint {
    /** Bound on the rounds of looking for messages to discard; a ring holds fewer records. */
    private static final int MOST_DRAINS = 64;

    private final int rank;
    private final RankEndpoint endpoint;
    private final Progress progress;
    private final MatchTable matching = new MatchTable();
    private final TransferTable sends = new TransferTable();
    private final TransferTable receives = new TransferTable();
    private final Sender sender;
    private final Receiver receiver;
    private final SelfDelivery self;
    private final DirectReceive direct;
    private final OneSidedRequests oneSided;
    private final DeviceCopies copies = new DeviceCopies();
    /** What every send is that was over before its call returned. */
    private final Transfer sent = new Transfer();

    /** Null in a job that ends with its first failure. */
    private Failures failures;

    private Transfer spare;

    public NodePointToPoint(RankEndpoint endpoint, NodeRanks ranks, PointToPointOptions options, Progress progress) {
        this.rank = ranks.rank(endpoint.rank());
        this.endpoint = endpoint;
        this.progress = progress;
        this.sender = new Sender(endpoint, ranks, options, sends, copies);
        this.oneSided = new OneSidedRequests(endpoint, ranks);
        this.receiver = new Receiver(endpoint, ranks, options, matching, sender, sends, receives, oneSided,
                copies);
        this.self = new SelfDelivery(rank, options.eagerLimit(), matching, receiver);
        this.direct = new DirectReceive(endpoint, ranks, options, matching, progress);
        this.sent.mode = Mode.STANDARD;
        this.sent.complete();
        endpoint.setHandler(ranks.isWholeJob() ? receiver
                : new RemoteRecords(endpoint.memory(), ranks, rank, receiver));
    }

    /** From now on the job survives losses. */
    public void survive(Failures failures) {
        this.failures = failures;
        receiver.survive(failures);
        sender.survive(failures);
    }

    /** Ends, with an error, every transfer that what is known now has broken. */
    public void endBroken() {
        receiver.endBroken();
        sender.endBroken();
    }

    @Override
    public CommException verdict(Communicator comm) {
        return failures == null ? null : failures.verdict(comm);
    }

    /** From now on processes of other jobs can be sent to and received from. */
    public void connect(ConnectedProcesses connected) {
        sender.connect(connected);
        connected.setHandler(receiver::onForeignRecord, receiver::onGone);
    }

    /** Operations on other nodes' memory, whose completions come in by the same rings. */
    public OneSidedRequests oneSided() {
        return oneSided;
    }

    /** Moves sends that wait for room; part of each progress pass. */
    public int advanceSends() {
        return sender.hasWork() ? sender.progress() : 0;
    }

    /** Completes receives into memory of devices; part of each progress pass. */
    public int finishUnpacks() {
        return copies.isAny() ? receiver.finishUnpacks() : 0;
    }

    /** Whether devices copy for messages of this rank, at whose end nobody wakes it. */
    public boolean awaitsDevice() {
        return copies.isAny();
    }

    /** Whether many messages are awaited, so that looking less often lets them come in batches. */
    public boolean awaitsMany() {
        return matching.posted() > 1;
    }

    @Override
    public void send(Communicator comm, Mode mode, Object base, long offset, int count,
            TypeMap type, int dest, int tag) {
        int peer = comm.worldRank(dest);
        CommException problem = problem(comm, peer);
        if (problem != null) {
            throw problem;
        }
        if (peer != rank && mode != Mode.SYNCHRONOUS && type.isContiguous()
                && sendInline(comm, base, offset, type.size() * count, peer, tag)) {
            return;
        }
        Transfer send = take().set(comm, base, offset, count, type, peer, tag);
        send.mode = mode;
        startSend(send);
        finishBlocking(send, null);
    }

    @Override
    public void recv(Communicator comm, Object base, long offset, int count, TypeMap type, int source, int tag,
            Envelope result) {
        if (source != ANY_SOURCE && tag != ANY_TAG && type.isContiguous() && (failures == null || !failures.isAny())
                && direct.receive(comm, base, offset, type.size() * count, comm.worldRank(source), tag)) {
            if (result != null) {
                result.source = source;
                result.tag = tag;
                result.bytes = direct.bytes();
                result.cancelled = false;
            }
            return;
        }
        Transfer receive = take().set(comm, base, offset, count, type, world(comm, source), tag);
        receiver.start(receive);
        finishBlocking(receive, result);
    }

    @Override
    public TransferRequest isend(Communicator comm, Mode mode, Object base, long offset, int count, TypeMap type,
            int dest, int tag) {
        int peer = comm.worldRank(dest);
        CommException problem = problem(comm, peer);
        if (problem == null && peer != rank && mode != Mode.SYNCHRONOUS && type.isContiguous()
                && sendInline(comm, base, offset, type.size() * count, peer, tag)) {
            return sent;
        }
        Transfer send = take().set(comm, base, offset, count, type, peer, tag);
        send.mode = mode;
        if (problem != null) {
            send.end(problem);
            return send;
        }
        startSend(send);
        return send;
    }

    @Override
    public TransferRequest irecv(Communicator comm, Object base, long offset, int count, TypeMap type, int source,
            int tag) {
        Transfer receive = take().set(comm, base, offset, count, type, world(comm, source), tag);
        receiver.start(receive);
        return receive;
    }

    @Override
    public boolean iprobe(Communicator comm, int source, int tag, Envelope result) {
        Incoming message = lookFor(comm, source, tag);
        if (message == null) {
            return false;
        }
        describe(comm, message, result);
        return true;
    }

    @Override
    public void discard(Communicator comm, IntPredicate contexts) {
        for (int i = 0; i < MOST_DRAINS && endpoint.poll() > 0; i++) {
            // messages that were sent before are to be seen
        }
        receiver.discard(comm, contexts);
    }

    @Override
    public IntStream postedContexts() {
        return matching.allPosted().stream().mapToInt(receive -> receive.context);
    }

    /** A message that has come, after progress if there was none; null when there is still none. */
    private Incoming lookFor(Communicator comm, int source, int tag) {
        int context = comm.contextId();
        int peer = world(comm, source);
        Incoming message = matching.findUnexpected(context, peer, tag);
        if (message == null) {
            progress.poll();
            message = matching.findUnexpected(context, peer, tag);
        }
        CommException problem = message == null ? problem(comm, peer) : null;
        if (problem != null) {
            throw problem;
        }
        return message;
    }

    @Override
    public void probe(Communicator comm, int source, int tag, Envelope result) {
        int context = comm.contextId();
        int peer = world(comm, source);
        progress.await(new Search(comm, peer, tag));
        Incoming message = matching.findUnexpected(context, peer, tag);
        if (message == null) {
            throw new CommException(ErrorClass.PROC_ABORTED, Receiver.GONE);
        }
        describe(comm, message, result);
    }

    @Override
    public MatchedMessage improbe(Communicator comm, int source, int tag) {
        Incoming message = lookFor(comm, source, tag);
        if (message != null) {
            matching.removeUnexpected(message);
            describe(comm, message, message);
            message.comm = comm;
        }
        return message;
    }

    @Override
    public TransferRequest imrecv(MatchedMessage message, Object base, long offset, int count, TypeMap type) {
        Incoming taken = (Incoming) message;
        Transfer receive = take().set(taken.comm, base, offset, count, type, taken.peer, taken.matchTag);
        taken.comm = null;
        receiver.deliver(taken, receive);
        return receive;
    }

    @Override
    public void cancel(TransferRequest request) {
        if (request.done || !(request instanceof Transfer transfer) || transfer.matched) {
            return;
        }
        if (transfer.mode == null) {
            matching.removePosted(transfer);
        } else if (!(transfer.peer == rank ? self.cancel(transfer) : sender.cancel(transfer))) {
            return;
        }
        transfer.cancelled = true;
        transfer.complete();
    }

    @Override
    public void release(TransferRequest request) {
        if (request instanceof Transfer transfer && transfer != sent) {
            transfer.clear();
            transfer.next = spare;
            spare = transfer;
        }
    }

    private boolean sendInline(Communicator comm, Object base, long offset, long bytes, int peer, int tag) {
        try {
            return sender.sendInline(comm, base, offset, bytes, peer, tag);
        } catch (SegmentFullException e) {
            throw new CommException(ErrorClass.NO_MEM, e.getMessage(), e);
        }
    }

    private void startSend(Transfer send) {
        if (send.peer == rank) {
            self.start(send);
            return;
        }
        try {
            sender.start(send);
        } catch (SegmentFullException e) {
            throw new CommException(ErrorClass.NO_MEM, e.getMessage(), e);
        }
    }

    private void finishBlocking(Transfer transfer, Envelope result) {
        if (!transfer.done) {
            progress.await(transfer);
        }
        if (result != null) {
            result.source = transfer.source;
            result.tag = transfer.tag;
            result.bytes = transfer.bytes;
            result.cancelled = false;
        }
        int errorClass = transfer.errorClass;
        String message = transfer.errorMessage;
        release(transfer);
        if (errorClass != ErrorClass.SUCCESS) {
            throw new CommException(errorClass, message);
        }
    }

    private CommException problem(Communicator comm, int peer) {
        return failures == null || !failures.isAny() ? null : failures.problem(comm, peer);
    }

    /** A probe that waits for a message that may never come. */
    private final class Search implements Completion {
        private final Communicator comm;
        private final int peer;
        private final int tag;

        Search(Communicator comm, int peer, int tag) {
            this.comm = comm;
            this.peer = peer;
            this.tag = tag;
        }

        @Override
        public boolean isDone() {
            return matching.findUnexpected(comm.contextId(), peer, tag) != null || receiver.isGone(peer);
        }

        @Override
        public CommException problem() {
            return failures.problem(comm, peer);
        }
    }

    private Transfer take() {
        Transfer transfer = spare;
        if (transfer == null) {
            return new Transfer();
        }
        spare = transfer.next;
        transfer.next = null;
        transfer.mode = null;
        return transfer;
    }

    private static int world(Communicator comm, int source) {
        return source == ANY_SOURCE ? ANY_SOURCE : comm.worldRank(source);
    }

    private static void describe(Communicator comm, Incoming message, Envelope result) {
        result.source = comm.rankOfWorld(message.peer);
        result.tag = message.matchTag;
        result.bytes = message.total;
        result.cancelled = false;
    }
}
