package org.isthmus.node.mux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RecordHandler;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.spi.Endpoint;

/**
 * One round of the multiplexer's work: records of this node's ranks into frames, frames to the backend, arriving frames
 * to the ranks.
 *
 * <pre>
 *   rank's ring --{@link #onRecord}--> {@link Outbound} of the peer node --frame--> backend
 *   backend --{@link #onFrame}--> {@link Inbound} of the rank --> the multiplexer's ring to the rank
 *   large messages, by region transfers: {@link LargeMessages}
 *   large messages, by regions: {@link LargeMessages}
 * </pre>
 *
 * Order: the records of one pair of ranks go through one ring, one {@code Outbound}, one channel and one {@code Inbound},
 * each in order. Memory: what waits in queues is bounded by the credits of the pairs of ranks.
 *
 * <p>Owned by one thread, which calls {@link #work} again and again.
 */
public final class Multiplexer implements RecordHandler, ChannelHandler, AutoCloseable {
    private static final int EVENTS = 64;

    private final RankEndpoint endpoint;
    private final MemorySegment segment;
    private final NodeRanks ranks;
    private final FailureListener listener;
    private final Arena arena = Arena.ofShared();
    private final Inbound[] inbound;
    private Outbound[] outbound;
    private NodeDirectory nodes;
    private LargeMessages large;
    private Endpoint backend;
    private volatile JobFailure failure;
    private boolean failureSent;
    private volatile boolean failureOut;

    /** Told, on the multiplexer's thread, what ends the job. */
    public interface FailureListener {
        /** A node cannot be reached any more. */
        void onNodeLost(int node, ChannelFailure failure);

        /** A rank of another node failed. */
        void onJobFailed(JobFailure failure);
    }

    /** @param endpoint at the multiplexer's place of the node's segment, with a ring budget for all ranks of the node */
    public Multiplexer(RankEndpoint endpoint, NodeRanks ranks, FailureListener listener) {
        this.endpoint = endpoint;
        this.segment = endpoint.memory();
        this.ranks = ranks;
        this.listener = listener;
        this.inbound = new Inbound[ranks.count()];
        endpoint.setHandler(this);
    }

    /**
     * Completes construction, before the first round.
     *
     * @param opened the backend's endpoint, whose handler this is
     * @param directory the job's nodes, all of whose endpoints are open
     */
    public void attach(Endpoint opened, NodeDirectory directory) {
        this.backend = opened;
        this.nodes = directory;
        this.outbound = new Outbound[directory.count()];
        this.large = new LargeMessages(endpoint, ranks, opened, directory.count(), this::outbound);
    }

    /** Call before sleeping: tells ranks which of their blocks are free. */
    void rest() {
        endpoint.rest();
    }

    /** One round; returns how much there was to do. */
    public int work() {
        int work = endpoint.poll();
        if (failure != null && !failureSent) {
            failureSent = true;
            tellAllNodes(failure);
        }
        work += large.flush();
        for (Outbound out : outbound) {
            if (out != null) {
                work += out.flush();
            }
        }
        work += backend.poll(EVENTS);
        for (Inbound in : inbound) {
            if (in != null) {
                work += in.flush();
            }
        }
        if (failureSent && !failureOut) {
            failureOut = isIdle();
        }
        return work;
    }

    /** Whether what {@link #fail} was given has left this node. Any thread. */
    public boolean isFailureOut() {
        return failureOut;
    }

    /** Tells all other nodes, in one of the next rounds, that the job has failed. Any thread. */
    public void fail(JobFailure newFailure) {
        failure = newFailure;
    }

    private void tellAllNodes(JobFailure known) {
        MemorySegment payload = known.encode();
        long header = RecordDescriptor.header(RecordDescriptor.KIND_JOB_FAILED, 0, 0, (int) payload.byteSize());
        int me = nodes.nodeOf(ranks.rank(0));
        for (int node = 0; node < nodes.count(); node++) {
            if (node != me) {
                outbound(node).addOwn(header, payload);
            }
        }
    }

    @Override
    public void onRecord(int place, long header, long payload) {
        int destination = segment.get(ValueLayout.JAVA_INT, payload + RemoteRecordDescriptor.DESTINATION_OFFSET);
        int source = segment.get(ValueLayout.JAVA_INT, payload + RemoteRecordDescriptor.SOURCE_OFFSET);
        if (RecordDescriptor.kind(header) == RecordDescriptor.KIND_JOB_FAILED || place >= ranks.count()
                || source != ranks.rank(place) || destination < 0 || destination >= ranks.jobSize()
                || ranks.place(destination) != NodeRanks.ELSEWHERE) {
            throw new CorruptRecordException("record from rank " + source + " to rank " + destination
                    + " in the ring from place " + place);
        }
        int node = nodes.nodeOf(destination);
        if (!large.onRecord(place, node, destination, header, payload + RemoteRecordDescriptor.BYTES)) {
            outbound(node).add(header, payload);
        }
    }

    private Outbound outbound(int node) {
        if (outbound[node] == null) {
            Channel channel = backend.connect(node, nodes.address(node));
            outbound[node] = new Outbound(segment, endpoint.heap(), backend, channel, arena);
        }
        return outbound[node];
    }

    @Override
    public void onConnected(Channel channel) {
        // records wait in the Outbound until its tries are accepted
    }

    @Override
    public boolean onFrame(Channel channel, MemorySegment memory, long offset, int length) {
        long end = offset + length;
        for (long record = offset; record < end;) {
            int bytes = FrameChecks.recordBytes(memory, record, end - record);
            long header = memory.get(RelayedRecord.LONG, record);
            if (RecordDescriptor.kind(header) == RecordDescriptor.KIND_JOB_FAILED) {
                listener.onJobFailed(JobFailure.decode(memory, record + RelayedRecord.ADDRESS_OFFSET,
                        RecordDescriptor.payloadBytes(header)));
                record += bytes;
                continue;
            }
            int destination = RelayedRecord.destination(memory, record);
            int source = RelayedRecord.source(memory, record);
            if (destination < 0 || destination >= ranks.jobSize() || ranks.place(destination) == NodeRanks.ELSEWHERE
                    || source < 0 || source >= ranks.jobSize() || nodes.nodeOf(source) != channel.peer()) {
                throw new CorruptRecordException("record from rank " + source + " to rank " + destination
                        + " in a frame of node " + channel.peer());
            }
            int place = ranks.place(destination);
            if (!large.onFrameRecord(channel, place, source, memory, record)) {
                inbound(place).add(memory, record, bytes);
            }
            record += bytes;
        }
        return true;
    }

    private Inbound inbound(int place) {
        if (inbound[place] == null) {
            inbound[place] = new Inbound(endpoint, place);
        }
        return inbound[place];
    }

    @Override
    public void onSent(Channel channel, long context) {
        if (context == LargeMessages.CONTEXT) {
            large.onSent(channel);
        } else {
            outbound[channel.peer()].onSent(context);
        }
    }

    @Override
    public void onReceived(Channel channel, long context, long length) {
        large.onReceived(channel, length);
    }

    @Override
    public void onClosed(Channel channel, ChannelFailure cause) {
        large.onClosed(channel);
        if (cause != null) {
            listener.onNodeLost(channel.peer(), cause);
        }
    }

    /** Whether nothing waits to go out or in. */
    public boolean isIdle() {
        for (Outbound out : outbound) {
            if (out != null && !out.isIdle()) {
                return false;
            }
        }
        for (Inbound in : inbound) {
            if (in != null && !in.isEmpty()) {
                return false;
            }
        }
        return large.isIdle();
    }

    /** Ends the backend's endpoint in order. */
    @Override
    public void close() {
        backend.close();
        arena.close();
    }
}
