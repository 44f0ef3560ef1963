package org.isthmus.node.mux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.OneSidedRecordDescriptor;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.spi.Capabilities;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.MemoryRegion;
import org.isthmus.node.spi.RemoteRegion;
import org.isthmus.node.status.LinkCounter;

/**
 * Operations of this node's ranks on the segments of other nodes ({@link OneSidedRecordDescriptor}), done by the
 * backend without the other node's doing. Where a part of that segment is used for the first time, its multiplexer is
 * asked for the key; it registers the part and answers. What belongs to one node is done in the order in which it came.
 *
 * <p>Owned by the shard's thread. Everything that ranks and other nodes wrote is checked here.
 */
final class OneSidedOperations {
    /** Most bytes of one operation of the backend: a long one lets others pass. */
    private static final int MOST_BYTES = 256 << 10;
    private static final int LONGEST = 1 << 30;

    private static final class Operation {
        final int kind;
        final int place;
        final int destination;
        final int token;
        final long here;
        final long there;
        final long bytes;
        final long first;
        final long second;
        long begun;

        Operation(int kind, int place, int destination, int token, long here, long there, long bytes, long first,
                long second) {
            this.kind = kind;
            this.place = place;
            this.destination = destination;
            this.token = token;
            this.here = here;
            this.there = there;
            this.bytes = bytes;
            this.first = first;
            this.second = second;
        }
    }

    /** What goes to one node. */
    private static final class Peer {
        final ArrayDeque<Operation> waiting = new ArrayDeque<>();
        /** One entry for each operation of the backend: null but for the last of a rank's operation. */
        final ArrayDeque<Done> underWay = new ArrayDeque<>();
        final Map<Integer, RemoteRegion> parts = new HashMap<>();
        final Set<Integer> wanted = new HashSet<>();
        boolean closed;
    }

    /** @param last the rank's operation if this ends it, else null */
    private record Done(Operation last) {}

    private static final Done NOT_LAST = new Done(null);

    private final NodeSegment segment;
    private final MemorySegment memory;
    private final NodeRanks ranks;
    private final SegmentRegions regions;
    private final NoticeBoard notices;
    private final IntFunction<Outbound> frames;
    private final Capabilities.OneSided level;
    private final Peer[] peers;
    private final ActiveSet active;
    private final IntPredicate hasWork = this::hasWork;
    private final MemorySegment want =
            Arena.ofAuto().allocate(RemoteRecordDescriptor.BYTES + OneSidedRecordDescriptor.WANT_BYTES, Long.BYTES);
    private final MemorySegment given =
            Arena.ofAuto().allocate(RemoteRecordDescriptor.BYTES + OneSidedRecordDescriptor.GIVEN_BYTES, Long.BYTES);

    /** @param frames of a node, by its number */
    OneSidedOperations(RankEndpoint endpoint, NodeRanks ranks, Endpoint backend, SegmentRegions regions,
            NoticeBoard notices, int nodes, IntFunction<Outbound> frames) {
        this.segment = endpoint.segment();
        this.memory = endpoint.memory();
        this.ranks = ranks;
        this.regions = regions;
        this.notices = notices;
        this.frames = frames;
        this.level = backend.capabilities().oneSided();
        this.peers = new Peer[nodes];
        this.active = new ActiveSet(nodes);
    }

    /**
     * Takes an operation of the rank at {@code place} on memory of {@code node}, that of rank {@code destination}.
     *
     * @param payload offset in the segment of what follows the record's addresses
     */
    void onRecord(int place, int node, int destination, long header, long payload) {
        int kind = RecordDescriptor.context(header);
        int bytes = RecordDescriptor.payloadBytes(header) - RemoteRecordDescriptor.BYTES;
        boolean atomic = kind == OneSidedRecordDescriptor.FETCH_ADD || kind == OneSidedRecordDescriptor.COMPARE_SWAP;
        Capabilities.OneSided needed = atomic ? Capabilities.OneSided.ATOMICS : Capabilities.OneSided.COPIES;
        if (bytes != OneSidedRecordDescriptor.BYTES || level.compareTo(needed) < 0) {
            throw new CorruptRecordException("one-sided record " + kind + " of " + bytes + " bytes from place " + place
                    + ", where the backend can do " + level);
        }
        Operation operation = new Operation(kind, place, destination, RecordDescriptor.tag(header),
                word(payload + OneSidedRecordDescriptor.HERE_OFFSET),
                word(payload + OneSidedRecordDescriptor.THERE_OFFSET),
                word(payload + OneSidedRecordDescriptor.BYTES_OFFSET),
                word(payload + OneSidedRecordDescriptor.FIRST_OFFSET),
                word(payload + OneSidedRecordDescriptor.SECOND_OFFSET));
        if (operation.bytes <= 0 || operation.bytes > LONGEST || operation.here < 0 || operation.there < 0
                || operation.there > Long.MAX_VALUE - LONGEST || !segment.holds(operation.here, operation.bytes)
                || atomic && (operation.bytes != Long.BYTES || (operation.there & Long.BYTES - 1) != 0)) {
            throw new CorruptRecordException("one-sided record " + kind + " of place " + place + ": " + operation.bytes
                    + " bytes at " + operation.here + " here and " + operation.there + " on node " + node);
        }
        Peer peer = peer(node);
        if (!peer.closed) {
            peer.waiting.add(operation);
            active.add(node);
        }
    }

    private Peer peer(int node) {
        if (peers[node] == null) {
            peers[node] = new Peer();
        }
        return peers[node];
    }

    /** Gives the backend what it takes. Returns how much. */
    int flush() {
        int moved = 0;
        for (int i = 0; i < active.size(); i++) {
            moved += flush(active.get(i));
        }
        active.retain(hasWork);
        return moved;
    }

    private int flush(int node) {
        Peer peer = peers[node];
        int moved = 0;
        while (!peer.waiting.isEmpty() && begin(node, peer, peer.waiting.peekFirst())) {
            moved++;
        }
        return moved;
    }

    private boolean begin(int node, Peer peer, Operation operation) {
        long there = operation.there + operation.begun;
        RemoteRegion remote = peer.parts.get(SegmentRegions.part(there));
        if (remote == null) {
            if (peer.wanted.add(SegmentRegions.part(there))) {
                ask(node, operation, there);
            }
            return false;
        }
        long here = operation.here + operation.begun;
        int bytes = (int) Math.min(MOST_BYTES, operation.bytes - operation.begun);
        MemoryRegion region = regions.at(here);
        long from = SegmentRegions.within(here);
        long to = SegmentRegions.within(there);
        Outbound out = frames.apply(node);
        Channel channel = out.channel();
        int answer = switch (operation.kind) {
            case OneSidedRecordDescriptor.WRITE -> channel.tryWrite(region, from, bytes, remote, to, 0);
            case OneSidedRecordDescriptor.READ -> channel.tryRead(region, from, bytes, remote, to, 0);
            case OneSidedRecordDescriptor.FETCH_ADD ->
                    channel.tryFetchAdd(region, from, remote, to, operation.first, 0);
            default -> channel.tryCompareSwap(region, from, remote, to, operation.first, operation.second, 0);
        };
        if (answer != Channel.ACCEPTED) {
            return false;
        }
        out.counters().increment(LinkCounter.ONE_SIDED);
        out.counters().add(LinkCounter.ONE_SIDED_BYTES, bytes);
        operation.begun += bytes;
        boolean last = operation.begun == operation.bytes;
        peer.underWay.add(last ? new Done(operation) : NOT_LAST);
        if (last) {
            peer.waiting.removeFirst();
        }
        return true;
    }

    private void ask(int node, Operation operation, long there) {
        want.set(RelayedRecord.INT, RemoteRecordDescriptor.DESTINATION_OFFSET, operation.destination);
        want.set(RelayedRecord.INT, RemoteRecordDescriptor.SOURCE_OFFSET, ranks.rank(operation.place));
        long payload = RemoteRecordDescriptor.BYTES;
        want.set(RelayedRecord.LONG, payload + OneSidedRecordDescriptor.WANT_OFFSET_OFFSET, there);
        want.set(RelayedRecord.LONG, payload + OneSidedRecordDescriptor.WANT_LENGTH_OFFSET,
                operation.bytes - operation.begun);
        addOwn(node, OneSidedRecordDescriptor.WANT, want);
    }

    /** Takes a record of the multiplexer of {@code node}. */
    void onFrameRecord(int node, long header, MemorySegment from, long record) {
        int bytes = RecordDescriptor.payloadBytes(header) - RemoteRecordDescriptor.BYTES;
        int kind = RecordDescriptor.context(header);
        long payload = record + RelayedRecord.PAYLOAD_OFFSET;
        if (kind == OneSidedRecordDescriptor.WANT && bytes == OneSidedRecordDescriptor.WANT_BYTES
                && level != Capabilities.OneSided.NONE) {
            give(node, from.get(RelayedRecord.LONG, payload + OneSidedRecordDescriptor.WANT_OFFSET_OFFSET),
                    from.get(RelayedRecord.LONG, payload + OneSidedRecordDescriptor.WANT_LENGTH_OFFSET));
        } else if (kind == OneSidedRecordDescriptor.GIVEN && bytes == OneSidedRecordDescriptor.GIVEN_BYTES) {
            int part = (int) from.get(RelayedRecord.LONG, payload + OneSidedRecordDescriptor.GIVEN_PART_OFFSET);
            RemoteRegion region = new RemoteRegion(
                    from.get(RelayedRecord.LONG, payload + OneSidedRecordDescriptor.GIVEN_ADDRESS_OFFSET),
                    from.get(RelayedRecord.LONG, payload + OneSidedRecordDescriptor.GIVEN_LENGTH_OFFSET),
                    from.get(RelayedRecord.LONG, payload + OneSidedRecordDescriptor.GIVEN_KEY_OFFSET));
            if (!peer(node).wanted.remove(part)) {
                throw new CorruptRecordException("node " + node + " gives part " + part + " of its segment unasked");
            }
            peers[node].parts.put(part, region);
        } else {
            throw new CorruptRecordException("one-sided record " + kind + " of " + bytes + " bytes in a frame of node "
                    + node);
        }
    }

    private void give(int node, long offset, long bytes) {
        if (offset < 0 || bytes <= 0 || !segment.holds(offset, bytes)) {
            throw new CorruptRecordException("node " + node + " wants " + bytes + " bytes at " + offset
                    + " of this node's segment, where there is no such memory");
        }
        RemoteRegion region = regions.at(offset).remote();
        long payload = RemoteRecordDescriptor.BYTES;
        given.set(RelayedRecord.LONG, payload + OneSidedRecordDescriptor.GIVEN_PART_OFFSET,
                SegmentRegions.part(offset));
        given.set(RelayedRecord.LONG, payload + OneSidedRecordDescriptor.GIVEN_ADDRESS_OFFSET, region.address());
        given.set(RelayedRecord.LONG, payload + OneSidedRecordDescriptor.GIVEN_LENGTH_OFFSET, region.bytes());
        given.set(RelayedRecord.LONG, payload + OneSidedRecordDescriptor.GIVEN_KEY_OFFSET, region.key());
        addOwn(node, OneSidedRecordDescriptor.GIVEN, given);
    }

    private void addOwn(int node, int kind, MemorySegment record) {
        frames.apply(node).addOwn(
                RecordDescriptor.header(OneSidedRecordDescriptor.KIND, kind, 0, (int) record.byteSize()), record);
    }

    /** The oldest operation of the channel's backend is complete. */
    void onDone(Channel channel) {
        Operation ended = peers[channel.peer()].underWay.removeFirst().last;
        if (ended != null) {
            notices.of(ended.place).done(ended.destination, ended.token);
        }
    }

    /** The channel has ended: nothing more is read or written. */
    void onClosed(Channel channel) {
        Peer peer = peer(channel.peer());
        peer.closed = true;
        peer.waiting.clear();
        peer.underWay.clear();
    }

    private boolean hasWork(int node) {
        return !peers[node].waiting.isEmpty();
    }

    boolean isIdle() {
        for (Peer peer : peers) {
            if (peer != null && !(peer.waiting.isEmpty() && peer.underWay.isEmpty())) {
                return false;
            }
        }
        return true;
    }

    private long word(long offset) {
        return memory.get(RelayedRecord.LONG, offset);
    }
}
