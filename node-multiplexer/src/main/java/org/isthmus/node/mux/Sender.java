package org.isthmus.node.mux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntPredicate;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.OneSidedRecordDescriptor;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RecordHandler;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.Endpoint;

/**
 * The outgoing agent of a shard: takes the records of this node's ranks from their lanes and gives each to the
 * {@link Outbound} of its peer node. {@link Lanes} says whose turn it is.
 *
 * <p>Owned by the shard's thread.
 */
final class Sender implements RecordHandler {
    private final RankEndpoint place;
    private final MemorySegment segment;
    private final NodeRanks ranks;
    private final int shard;
    private final MultiplexerOptions options;
    private final Lanes lanes;
    private final Arena arena = Arena.ofShared();
    private Endpoint backend;
    private NodeDirectory nodes;
    private Outbound[] outbound;
    private ActiveSet active;
    private final IntPredicate hasWork = node -> outbound[node].hasWork();
    private long visits;
    private ShardLinks links;
    private LargeMessages large;
    private OneSidedOperations oneSided;

    Sender(RankEndpoint place, NodeRanks ranks, int shard, MultiplexerOptions options) {
        this.place = place;
        this.segment = place.memory();
        this.ranks = ranks;
        this.shard = shard;
        this.options = options;
        this.lanes = new Lanes(ranks.count(), options.laneBytes());
        place.setHandler(this);
        place.setGate(lanes);
    }

    void begin(Endpoint opened, NodeDirectory directory, ShardLinks counted) {
        this.links = counted;
        this.backend = opened;
        this.nodes = directory;
        this.outbound = new Outbound[directory.count()];
        this.active = new ActiveSet(directory.count());
        SegmentRegions regions = new SegmentRegions(segment, opened);
        NoticeBoard notices = new NoticeBoard(place, ranks);
        this.large = new LargeMessages(place, ranks, regions, notices, directory.count(), this::outbound);
        this.oneSided =
                new OneSidedOperations(place, ranks, opened, regions, notices, directory.count(), this::outbound);
    }

    /** Takes what the lanes hold, as far as it is their turn; how many records, and lanes that wait for their turn. */
    int take(long now) {
        int waiting = lanes.nextRound();
        int records = place.poll();
        if (records > 0) {
            for (int i = 0; i < active.size(); i++) {
                outbound[active.get(i)].noteArrivals(now);
            }
        }
        return records + waiting;
    }

    /** Moves large messages on, and sends frames that are full or old enough. How many of both. */
    int flush(long now, boolean mayHold) {
        int frames = large.flush() + oneSided.flush();
        for (int i = 0; i < active.size(); i++) {
            frames += outbound[active.get(i)].flush(now, mayHold);
            visits++;
        }
        active.retain(hasWork);
        return frames;
    }

    /** How many nodes the rounds have looked at, each time anew. */
    long visits() {
        return visits;
    }

    @Override
    public void onRecord(int source, long header, long payload) {
        if (source >= ranks.count()) {
            throw new CorruptRecordException("record from place " + source + ", the ranks have those below "
                    + ranks.count());
        }
        int to = segment.get(ValueLayout.JAVA_INT, payload + RemoteRecordDescriptor.DESTINATION_OFFSET);
        int from = segment.get(ValueLayout.JAVA_INT, payload + RemoteRecordDescriptor.SOURCE_OFFSET);
        boolean direct = OneSidedRecordDescriptor.isOperation(header);
        if (RecordDescriptor.kind(header) >= RecordDescriptor.KIND_CREDIT && !direct || from != ranks.rank(source)
                || to < 0 || to >= ranks.jobSize() || ranks.place(to) != NodeRanks.ELSEWHERE
                || ranks.shardOf(from, to) != shard) {
            throw new CorruptRecordException("record from rank " + from + " to rank " + to + " in the ring from place "
                    + source + " to shard " + shard);
        }
        int node = nodes.nodeOf(to);
        if (direct) {
            oneSided.onRecord(source, node, to, header, payload + RemoteRecordDescriptor.BYTES);
            lanes.charge(source, RelayedRecord.headBytes(header));
        } else if (large.onRecord(source, node, to, header, payload + RemoteRecordDescriptor.BYTES)) {
            lanes.charge(source, RelayedRecord.headBytes(header));
        } else {
            outbound(node).add(source, nodes.indexOnNode(to), header, payload);
        }
    }

    /** The messages of this shard that do not go through frames. */
    LargeMessages large() {
        return large;
    }

    /** The operations of this shard that other nodes take no part in. */
    OneSidedOperations oneSided() {
        return oneSided;
    }

    Outbound outbound(int node) {
        if (outbound[node] == null) {
            Channel channel = backend.connect(node, nodes.address(node, shard));
            outbound[node] = new Outbound(place, ranks, lanes, options, nodes.ranksOn(node), backend, channel, arena,
                    links.of(channel), active);
        }
        return outbound[node];
    }

    /** So many bytes that {@code node} sent to {@code rank} of this node have reached it. */
    void returnCredit(int node, int rank, long bytes) {
        outbound(node).returnCredit(rank, bytes);
    }

    /** So many bytes that this node sent to {@code rank} of another have reached it. */
    void onCredit(int rank, long bytes) {
        outbound(nodes.nodeOf(rank)).onCredit(nodes.indexOnNode(rank), bytes);
    }

    /** The backend has done with a frame for {@code node}. */
    void onSent(int node, long frame) {
        outbound[node].onSent(frame);
    }

    void tellAllNodes(JobFailure failure) {
        MemorySegment payload = failure.encode();
        long header = RecordDescriptor.header(RecordDescriptor.KIND_JOB_FAILED, 0, 0, (int) payload.byteSize());
        int me = nodes.nodeOf(ranks.rank(0));
        for (int node = 0; node < nodes.count(); node++) {
            if (node != me) {
                outbound(node).addOwn(header, payload);
            }
        }
    }

    boolean isIdle() {
        for (Outbound out : outbound) {
            if (out != null && !out.isIdle()) {
                return false;
            }
        }
        return large.isIdle() && oneSided.isIdle();
    }

    void close() {
        arena.close();
    }
}
