package org.isthmus.node.mux;

import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.node.endpoint.BlockRecordDescriptor;
import org.isthmus.node.endpoint.LargeRecordDescriptor;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.spi.Channel;

/**
 * Messages that go from segment to segment by the backend's region transfers ({@link LargeRecordDescriptor}): the part
 * of the multiplexer that looks at their records and passes them to the steps of the protocol.
 *
 * <pre>
 *   rank --RANGE, PIECE--> {@link LargeSends} of the peer node --region--> backend
 *                                            '--PIECE record--> frames
 *   frames --PIECE record--> {@link LargeReceives} --place--> backend --arrival--> {@link RankNotices} --> rank
 *   rank --CLEAR_TO_SEND--> {@link LandingPlaces}, and on in a frame
 * </pre>
 *
 * <p>Owned by the multiplexer's thread. Everything that ranks and other nodes wrote is checked here or in the step that
 * uses it.
 */
final class LargeMessages {
    /** Context of all region transfers, which are matched by their order; frames have others. */
    static final long CONTEXT = -1;

    private final NodeSegment segment;
    private final MemorySegment memory;
    private final RankHeap heap;
    private final NodeRanks ranks;
    private final SegmentRegions regions;
    private final LandingPlaces landings;
    private final NoticeBoard notices;
    private final IntFunction<Outbound> frames;
    private final LargeSends[] sends;
    private final LargeReceives[] receives;
    /** Nodes with something to send, or to give a place for. */
    private final ActiveSet active;
    private final IntPredicate hasWork = this::hasWork;

    /** @param frames of a node, by its number */
    LargeMessages(RankEndpoint endpoint, NodeRanks ranks, SegmentRegions regions, NoticeBoard notices, int nodes,
            IntFunction<Outbound> frames) {
        this.segment = endpoint.segment();
        this.memory = endpoint.memory();
        this.heap = endpoint.heap();
        this.ranks = ranks;
        this.regions = regions;
        this.landings = new LandingPlaces(segment);
        this.notices = notices;
        this.frames = frames;
        this.sends = new LargeSends[nodes];
        this.receives = new LargeReceives[nodes];
        this.active = new ActiveSet(nodes);
    }

    /**
     * Looks at a record of the rank at {@code place} for rank {@code destination} on {@code node}.
     *
     * @param payload offset in the segment of what follows the record's addresses
     * @return whether that was all; if not, it goes on in a frame
     */
    boolean onRecord(int place, int node, int destination, long header, long payload) {
        int kind = RecordDescriptor.kind(header);
        int bytes = RecordDescriptor.payloadBytes(header) - RemoteRecordDescriptor.BYTES;
        int id = RecordDescriptor.tag(header);
        switch (kind) {
            case LargeRecordDescriptor.KIND_CLEAR_TO_SEND -> {
                if (bytes == LargeRecordDescriptor.CLEAR_BYTES
                        && word(payload + LargeRecordDescriptor.CLEAR_LANDING_OFFSET)
                        != LargeRecordDescriptor.NO_LANDING) {
                    landings.add(place, (int) word(payload), destination,
                            word(payload + LargeRecordDescriptor.CLEAR_LANDING_OFFSET),
                            word(payload + LargeRecordDescriptor.CLEAR_LIMIT_OFFSET));
                }
                return false;
            }
            case LargeRecordDescriptor.KIND_RANGE -> onRange(place, node, destination, id, bytes, payload);
            case LargeRecordDescriptor.KIND_PIECE -> onPiece(place, node, destination, id, bytes, payload);
            case LargeRecordDescriptor.KIND_ARRIVED ->
                throw new CorruptRecordException("place " + place + " says that a message has arrived");
            default -> {
                return false;
            }
        }
        return true;
    }

    private void onRange(int place, int node, int destination, int id, int recordBytes, long payload) {
        require(recordBytes == LargeRecordDescriptor.RANGE_BYTES, "range", place, recordBytes);
        long offset = word(payload + LargeRecordDescriptor.RANGE_OFFSET_OFFSET);
        long bytes = word(payload + LargeRecordDescriptor.RANGE_BYTES_OFFSET);
        long position = word(payload + LargeRecordDescriptor.RANGE_POSITION_OFFSET);
        long send = word(payload + LargeRecordDescriptor.RANGE_SEND_OFFSET);
        long piece = word(payload + LargeRecordDescriptor.RANGE_PIECE_OFFSET);
        if (id < 0 || bytes <= 0 || position < 0 || offset < 0 || !segment.holds(offset, bytes) || piece <= 0
                || piece > LargeRecordDescriptor.MAX_PIECE || send < LargeRecordDescriptor.NOT_LAST
                || send > Integer.MAX_VALUE) {
            throw new CorruptRecordException("range of " + bytes + " bytes at " + offset + ", in pieces of " + piece
                    + ", for position " + position + " of send " + send + " from place " + place);
        }
        sends(node).addRange(ranks.rank(place), destination, id, offset, bytes, position, send, (int) piece);
    }

    private void onPiece(int place, int node, int destination, int id, int recordBytes, long payload) {
        require(recordBytes == BlockRecordDescriptor.PIECE_BYTES, "piece", place, recordBytes);
        long block = word(payload + BlockRecordDescriptor.BLOCK_OFFSET);
        long bytes = word(payload + BlockRecordDescriptor.BYTES_OFFSET);
        long position = word(payload + BlockRecordDescriptor.POSITION_OFFSET);
        if (id < 0 || bytes <= 0 || bytes > LargeRecordDescriptor.MAX_PIECE || !heap.hasRoom(block, bytes)
                || position < 0) {
            throw new CorruptRecordException("piece of " + bytes + " bytes in " + Handle.describe(block)
                    + " for position " + position + " from place " + place);
        }
        heap.accept(block);
        sends(node).addBlock(ranks.rank(place), destination, id, block, (int) bytes, position);
    }

    private static void require(boolean holds, String what, int place, int bytes) {
        if (!holds) {
            throw new CorruptRecordException("a " + what + " record of " + bytes + " bytes from place " + place);
        }
    }

    /**
     * Looks at a record from another node, whose addresses are checked.
     *
     * @return whether that was all; if not, it is for the rank
     */
    boolean onFrameRecord(Channel channel, int place, int source, MemorySegment from, long record) {
        long header = from.get(RelayedRecord.LONG, record);
        switch (RecordDescriptor.kind(header)) {
            case LargeRecordDescriptor.KIND_PIECE -> {
                int bytes = RecordDescriptor.payloadBytes(header) - RemoteRecordDescriptor.BYTES;
                if (bytes != BlockRecordDescriptor.PIECE_BYTES) {
                    throw new CorruptRecordException("a piece record of " + bytes + " bytes from rank " + source);
                }
                long payload = record + RelayedRecord.PAYLOAD_OFFSET;
                LargeReceives pieces = receives(channel);
                pieces.announce(place, source, RecordDescriptor.tag(header),
                        from.get(RelayedRecord.LONG, payload + BlockRecordDescriptor.BYTES_OFFSET),
                        from.get(RelayedRecord.LONG, payload + BlockRecordDescriptor.POSITION_OFFSET));
                pieces.flush();
                return true;
            }
            case LargeRecordDescriptor.KIND_RANGE, LargeRecordDescriptor.KIND_ARRIVED ->
                throw new CorruptRecordException("kind " + RecordDescriptor.kind(header) + " in a frame of node "
                        + channel.peer() + ", from rank " + source);
            default -> {
                return false;
            }
        }
    }

    private LargeSends sends(int node) {
        active.add(node);
        if (sends[node] == null) {
            sends[node] = new LargeSends(heap, regions, frames.apply(node), (source, destination, send) ->
                    notices.of(ranks.place(source)).finished(destination, send));
        }
        return sends[node];
    }

    private LargeReceives receives(Channel channel) {
        int node = channel.peer();
        active.add(node);
        if (receives[node] == null) {
            receives[node] = new LargeReceives(heap, regions, landings, notices, channel);
        }
        return receives[node];
    }

    /** Moves on what waits. Returns how much. */
    int flush() {
        int work = notices.flush();
        for (int i = 0; i < active.size(); i++) {
            int node = active.get(i);
            work += sends[node] == null ? 0 : sends[node].flush();
            work += receives[node] == null ? 0 : receives[node].flush();
        }
        active.retain(hasWork);
        return work;
    }

    private boolean hasWork(int node) {
        return sends[node] != null && sends[node].hasWork() || receives[node] != null && receives[node].hasWork();
    }

    void onSent(Channel channel) {
        sends[channel.peer()].onSent();
    }

    void onReceived(Channel channel, long length) {
        receives[channel.peer()].onReceived(length);
    }

    void onClosed(Channel channel) {
        int node = channel.peer();
        if (sends[node] != null) {
            sends[node].onClosed();
        }
        if (receives[node] != null) {
            receives[node].onClosed();
        }
    }

    boolean isIdle() {
        for (int node = 0; node < sends.length; node++) {
            if (sends[node] != null && !sends[node].isIdle() || receives[node] != null && !receives[node].isIdle()) {
                return false;
            }
        }
        return notices.isEmpty();
    }

    private long word(long offset) {
        return memory.get(RelayedRecord.LONG, offset);
    }
}
