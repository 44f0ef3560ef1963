package org.isthmus.node.mux;

import java.lang.foreign.MemorySegment;
import java.util.function.IntPredicate;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.status.LinkCounter;
import org.isthmus.node.status.LinkCounters;

/**
 * The incoming agent of a shard: takes arriving frames apart, checks each record, and gives it to the {@link Inbound}
 * of its rank. It takes every frame at once: what a rank has no room for waits in that rank's {@code Inbound}, bounded
 * by the credit of the sending node, and holds up nobody else.
 *
 * <p>Owned by the shard's thread.
 */
final class Receiver implements ChannelHandler {
    private final RankEndpoint place;
    private final NodeRanks ranks;
    private final int shard;
    private final long creditBytes;
    private final Sender sender;
    private final FailureListener listener;
    private final Inbound[] inbound;
    private final ActiveSet active;
    private final IntPredicate hasWork = this::hasWork;
    private NodeDirectory nodes;
    private ShardLinks links;
    private long mostHeld;

    Receiver(RankEndpoint place, NodeRanks ranks, int shard, MultiplexerOptions options, Sender sender,
            FailureListener listener) {
        this.place = place;
        this.ranks = ranks;
        this.shard = shard;
        this.creditBytes = options.creditBytes();
        this.sender = sender;
        this.listener = listener;
        this.inbound = new Inbound[ranks.count()];
        this.active = new ActiveSet(ranks.count());
    }

    void begin(int maxFrame, NodeDirectory directory, ShardLinks counted) {
        this.links = counted;
        this.nodes = directory;
        this.mostHeld = creditBytes + maxFrame;
    }

    /** Moves on what waits for ranks. How many records. */
    int flush() {
        int records = 0;
        for (int i = 0; i < active.size(); i++) {
            records += inbound[active.get(i)].flush();
        }
        active.retain(hasWork);
        return records;
    }

    private boolean hasWork(int rankPlace) {
        return !inbound[rankPlace].isEmpty();
    }

    @Override
    public void onConnected(Channel channel) {
        // records wait in the Outbound until its tries are accepted
    }

    @Override
    public boolean onFrame(Channel channel, MemorySegment memory, long offset, int length) {
        long end = offset + length;
        LinkCounters counters = links.of(channel);
        counters.increment(LinkCounter.FRAMES_RECEIVED);
        counters.add(LinkCounter.BYTES_RECEIVED, length);
        for (long record = offset; record < end;) {
            int bytes = FrameChecks.recordBytes(memory, record, end - record);
            long header = memory.get(RelayedRecord.LONG, record);
            if (RecordDescriptor.kind(header) >= RecordDescriptor.KIND_CREDIT) {
                onOwn(channel.peer(), header, memory, record);
            } else {
                onRecord(channel, memory, record, bytes, counters);
            }
            counters.increment(LinkCounter.RECORDS_RECEIVED);
            record += bytes;
        }
        for (int i = 0; i < active.size(); i++) {
            inbound[active.get(i)].notifyRank();
        }
        active.retain(hasWork);
        return true;
    }

    private void onRecord(Channel channel, MemorySegment memory, long record, int bytes, LinkCounters counters) {
        int node = channel.peer();
        int destination = RelayedRecord.destination(memory, record);
        int source = RelayedRecord.source(memory, record);
        if (destination < 0 || destination >= ranks.jobSize() || ranks.place(destination) == NodeRanks.ELSEWHERE
                || source < 0 || source >= ranks.jobSize() || nodes.nodeOf(source) != node
                || ranks.shardOf(source, destination) != shard) {
            throw new CorruptRecordException("record from rank " + source + " to rank " + destination
                    + " in a frame of node " + node + " for shard " + shard);
        }
        int rankPlace = ranks.place(destination);
        if (!sender.large().onFrameRecord(channel, rankPlace, source, memory, record)
                && !inbound(rankPlace).add(node, memory, record, bytes)) {
            counters.increment(LinkCounter.PUSHED_BACK);
        }
    }

    /** A record from multiplexer to multiplexer. */
    private void onOwn(int node, long header, MemorySegment memory, long record) {
        if (RecordDescriptor.kind(header) == RecordDescriptor.KIND_JOB_FAILED) {
            listener.onJobFailed(JobFailure.decode(memory, record + RelayedRecord.ADDRESS_OFFSET,
                    RecordDescriptor.payloadBytes(header)));
            return;
        }
        if (RecordDescriptor.context(header) != 0) {
            sender.oneSided().onFrameRecord(node, header, memory, record);
            return;
        }
        int rank = RelayedRecord.source(memory, record);
        if (RecordDescriptor.payloadBytes(header) != RelayedRecord.CREDIT_PAYLOAD_BYTES || rank < 0
                || rank >= ranks.jobSize() || nodes.nodeOf(rank) != node) {
            throw new CorruptRecordException("credit of " + RecordDescriptor.payloadBytes(header) + " bytes for rank "
                    + rank + " in a frame of node " + node);
        }
        sender.onCredit(rank, memory.get(RelayedRecord.LONG, record + RelayedRecord.PAYLOAD_OFFSET));
    }

    private Inbound inbound(int rankPlace) {
        if (inbound[rankPlace] == null) {
            inbound[rankPlace] =
                    new Inbound(place, rankPlace, ranks.rank(rankPlace), nodes, creditBytes, mostHeld, sender);
        }
        active.add(rankPlace);
        return inbound[rankPlace];
    }

    @Override
    public void onSent(Channel channel, long context) {
        if (context == LargeMessages.CONTEXT) {
            sender.large().onSent(channel);
        } else {
            sender.onSent(channel.peer(), context);
        }
    }

    @Override
    public void onReceived(Channel channel, long context, long length) {
        LinkCounters counters = links.of(channel);
        counters.increment(LinkCounter.PIECES_RECEIVED);
        counters.add(LinkCounter.PIECE_BYTES_RECEIVED, length);
        sender.large().onReceived(channel, length);
    }

    @Override
    public void onDone(Channel channel, long context) {
        sender.oneSided().onDone(channel);
    }

    @Override
    public void onClosed(Channel channel, ChannelFailure cause) {
        sender.oneSided().onClosed(channel);
        sender.large().onClosed(channel);
        if (cause != null) {
            listener.onNodeLost(channel.peer(), cause);
        }
    }

    boolean isIdle() {
        for (Inbound in : inbound) {
            if (in != null && !in.isEmpty()) {
                return false;
            }
        }
        return true;
    }
}
