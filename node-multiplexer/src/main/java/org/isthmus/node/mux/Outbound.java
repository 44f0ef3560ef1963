package org.isthmus.node.mux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.node.endpoint.BlockRecordDescriptor;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.MemoryRegion;
import org.isthmus.node.status.LinkCounter;
import org.isthmus.node.status.LinkCounters;

/**
 * What one shard sends to one other node: records of all ranks of this node, batched into frames. A frame is open while
 * there is room and {@link BatchHold} expects company for it; otherwise {@link #flush} at the end of a round sends what
 * there is, so a lone record never waits.
 *
 * <p>A record waits in the {@link Destination} of its receiver when that has no credit left, or when the frames are all
 * on their way, which is the credit of the node. Destinations with records and credit take turns of
 * {@link Lanes#QUANTUM} bytes. The multiplexers' own records go before all others and need no credit.
 *
 * <p>Owned by the shard's thread. A block stays its sender's until its bytes are in a frame; then it is freed.
 */
final class Outbound {
    private static final int FRAMES = 4;
    private static final int NO_FRAME = -1;
    /** A frame with so many bytes is worth its cost: it waits for nothing more. */
    private static final int ENOUGH_BYTES = 16 << 10;

    private final MemorySegment segment;
    private final RankHeap heap;
    private final NodeRanks ranks;
    private final Lanes lanes;
    private final Channel channel;
    private final MemoryRegion frames;
    private final int frameBytes;
    private final long creditBytes;
    private final int[] free = new int[FRAMES];
    private final int[] waiting = new int[FRAMES];
    private final int[] waitingBytes = new int[FRAMES];
    private final Destination[] destinations;
    private final ArrayDeque<Destination> ready = new ArrayDeque<>();
    private final RecordQueue own = new RecordQueue();
    private final ActiveSet active;
    private final MemorySegment ownCredit = MemorySegment.ofArray(new byte[RelayedRecord.CREDIT_PAYLOAD_BYTES]);
    private final BatchHold hold;
    private int queued;
    private int freeCount;
    private int waitingHead;
    private int waitingCount;
    private int open = NO_FRAME;
    private int openBytes;
    private long openSince;
    private long now;
    private int arrivals;
    private final LinkCounters counters;
    private boolean stalled;
    private boolean held;
    private int shownFree;
    private int shownQueued;
    private long turns;

    /** What waits for one rank of the node. */
    private static final class Destination {
        private final RecordQueue queue = new RecordQueue();
        private long credit;
        private int turn;
        private boolean isReady;

        Destination(long credit) {
            this.credit = credit;
        }
    }

    /**
     * @param peers ranks of the other node
     * @param active knows by the number of the other node whether {@link #flush} has something to do
     */
    Outbound(RankEndpoint place, NodeRanks ranks, Lanes lanes, MultiplexerOptions options, int peers, Endpoint endpoint,
            Channel channel, Arena arena, LinkCounters counters, ActiveSet active) {
        this.active = active;
        this.counters = counters;
        this.segment = place.memory();
        this.heap = place.heap();
        this.ranks = ranks;
        this.lanes = lanes;
        this.channel = channel;
        this.creditBytes = options.creditBytes();
        this.hold = new BatchHold(options.holdNanos());
        this.destinations = new Destination[peers];
        this.frameBytes = endpoint.capabilities().maxFrame();
        this.frames = endpoint.register(arena.allocate((long) FRAMES * frameBytes, 64));
        for (int frame = 0; frame < FRAMES; frame++) {
            free[freeCount++] = frame;
        }
    }

    /**
     * Takes the record of a ring.
     *
     * @param source place of the rank whose ring it was
     * @param index of the receiver among the ranks of its node
     * @param payload offset in the segment of what follows the record's header
     */
    void add(int source, int index, long header, long payload) {
        boolean withBlock = RemoteRecordDescriptor.carriesBlock(RecordDescriptor.kind(header));
        long block = withBlock ? segment.get(ValueLayout.JAVA_LONG,
                payload + RemoteRecordDescriptor.BYTES + BlockRecordDescriptor.BLOCK_OFFSET) : 0;
        long blockBytes = withBlock ? blockBytes(header, payload, block) : 0;
        if (withBlock) {
            heap.accept(block);
        }
        int head = RelayedRecord.headBytes(header);
        int bytes = head + RelayedRecord.paddedBlock(blockBytes);
        lanes.charge(source, bytes);
        arrivals++;
        active.add(channel.peer());
        Destination destination = destination(index);
        boolean first = own.isEmpty() && ready.isEmpty() && destination.queue.isEmpty() && destination.credit > 0;
        if (first && hasRoom(bytes)) {
            append(header, segment, payload, head, block, blockBytes);
            destination.credit -= bytes;
            return;
        }
        counters.increment(LinkCounter.RECORDS_QUEUED);
        long at = destination.queue.add(head);
        destination.queue.memory().set(RelayedRecord.LONG, at, header);
        MemorySegment.copy(segment, payload, destination.queue.memory(), at + RelayedRecord.ADDRESS_OFFSET,
                head - RelayedRecord.ADDRESS_OFFSET);
        lanes.addWaiting(source, head);
        queued++;
        makeReady(destination);
    }

    /** After a round in which records may have come. */
    void noteArrivals(long time) {
        if (arrivals > 0) {
            hold.onRecords(arrivals, time);
            arrivals = 0;
        }
    }

    /** Adds a record of the multiplexer's own, whose address and payload are the whole of {@code payload}. */
    void addOwn(long header, MemorySegment payload) {
        active.add(channel.peer());
        long at = own.add(RelayedRecord.headBytes(header));
        own.memory().set(RelayedRecord.LONG, at, header);
        MemorySegment.copy(payload, 0, own.memory(), at + RelayedRecord.ADDRESS_OFFSET, payload.byteSize());
    }

    /** Tells the node that {@code bytes} of its records have reached {@code rank}, which is one of ours. */
    void returnCredit(int rank, long bytes) {
        ownCredit.set(RelayedRecord.INT, RemoteRecordDescriptor.SOURCE_OFFSET, rank);
        ownCredit.set(RelayedRecord.LONG, RemoteRecordDescriptor.BYTES, bytes);
        addOwn(RecordDescriptor.header(RecordDescriptor.KIND_CREDIT, 0, 0, RelayedRecord.CREDIT_PAYLOAD_BYTES),
                ownCredit);
    }

    /** So many bytes have reached the rank with that index. */
    void onCredit(int index, long bytes) {
        Destination destination = destination(index);
        if (bytes <= 0 || bytes > creditBytes - destination.credit) {
            throw new CorruptRecordException("credit of " + bytes + " bytes where " + (creditBytes - destination.credit)
                    + " are under way; isthmus.mux.credit must be equal on all nodes");
        }
        destination.credit += bytes;
        if (!destination.queue.isEmpty()) {
            active.add(channel.peer());
            makeReady(destination);
        }
    }

    /**
     * Moves on what waits and sends frames.
     *
     * @param mayHold whether the next round comes at once
     * @return how many frames left
     */
    int flush(long time, boolean mayHold) {
        now = time;
        int left = sendWaiting();
        while (!own.isEmpty() && appendOwn()) {
            left += sendWaiting();
        }
        while (own.isEmpty() && !ready.isEmpty() && takeTurn(ready.peek())) {
            left += sendWaiting();
        }
        if (open != NO_FRAME) {
            if (!(mayHold && openBytes < ENOUGH_BYTES && hold.holds(openSince, time))) {
                close();
            } else if (!held) {
                held = true;
                counters.increment(LinkCounter.HOLDS);
            }
        }
        left += sendWaiting();
        show();
        return left;
    }

    /** The backend has done with a frame. */
    void onSent(long frame) {
        free[freeCount++] = (int) frame;
        active.add(channel.peer());
    }

    /** Whether there is something for the next {@link #flush}; what waits for credit is not. */
    boolean hasWork() {
        return !own.isEmpty() || !ready.isEmpty() || open != NO_FRAME || waitingCount > 0;
    }

    /** How many turns destinations have had. */
    long turns() {
        return turns;
    }

    boolean isIdle() {
        return queued == 0 && own.isEmpty() && open == NO_FRAME && waitingCount == 0 && freeCount == FRAMES;
    }

    private void show() {
        if (shownFree != freeCount || shownQueued != queued) {
            shownFree = freeCount;
            shownQueued = queued;
            counters.set(LinkCounter.FREE_FRAMES, shownFree);
            counters.set(LinkCounter.WAITING_RECORDS, shownQueued);
        }
    }

    Channel channel() {
        return channel;
    }

    LinkCounters counters() {
        return counters;
    }

    private Destination destination(int index) {
        if (destinations[index] == null) {
            destinations[index] = new Destination(creditBytes);
        }
        return destinations[index];
    }

    private void makeReady(Destination destination) {
        if (!destination.isReady && destination.credit > 0) {
            destination.isReady = true;
            destination.turn = Lanes.QUANTUM;
            ready.add(destination);
        }
    }

    /** Moves records of the first ready destination into frames; false if there is no frame for the next. */
    private boolean takeTurn(Destination destination) {
        turns++;
        RecordQueue queue = destination.queue;
        while (!queue.isEmpty() && destination.credit > 0 && destination.turn > 0) {
            int bytes = appendFirst(queue);
            if (bytes == 0) {
                return false;
            }
            destination.credit -= bytes;
            destination.turn -= bytes;
        }
        ready.remove();
        destination.isReady = false;
        if (!queue.isEmpty()) {
            makeReady(destination);
        }
        return true;
    }

    /** Bytes that the record takes in its frame, or 0 if there is none. */
    private int appendFirst(RecordQueue queue) {
        MemorySegment memory = queue.memory();
        long record = queue.first();
        long header = memory.get(RelayedRecord.LONG, record);
        boolean withBlock = RemoteRecordDescriptor.carriesBlock(RecordDescriptor.kind(header));
        long block = withBlock ? memory.get(RelayedRecord.LONG, record + RelayedRecord.BLOCK_OFFSET) : 0;
        long blockBytes = withBlock ? memory.get(RelayedRecord.LONG, record + RelayedRecord.BLOCK_BYTES_OFFSET) : 0;
        int head = queue.firstBytes();
        int bytes = head + RelayedRecord.paddedBlock(blockBytes);
        if (!hasRoom(bytes)) {
            return 0;
        }
        lanes.addWaiting(ranks.place(RelayedRecord.source(memory, record)), -head);
        queued--;
        append(header, memory, record + RelayedRecord.ADDRESS_OFFSET, head, block, blockBytes);
        queue.removeFirst();
        return bytes;
    }

    private boolean appendOwn() {
        int bytes = own.firstBytes();
        if (!hasRoom(bytes)) {
            return false;
        }
        MemorySegment.copy(own.memory(), own.first(), frames.memory(), (long) open * frameBytes + openBytes, bytes);
        openBytes += bytes;
        counters.increment(LinkCounter.RECORDS_SENT);
        own.removeFirst();
        return true;
    }

    private boolean hasRoom(int bytes) {
        if (open != NO_FRAME && openBytes + bytes > frameBytes) {
            close();
        }
        if (open == NO_FRAME && freeCount > 0) {
            open = free[--freeCount];
            openBytes = 0;
            openSince = now;
        }
        return open != NO_FRAME;
    }

    private void append(long header, MemorySegment from, long address, int head, long block, long blockBytes) {
        MemorySegment memory = frames.memory();
        long at = (long) open * frameBytes + openBytes;
        memory.set(RelayedRecord.LONG, at, header);
        MemorySegment.copy(from, address, memory, at + RelayedRecord.ADDRESS_OFFSET,
                head - RelayedRecord.ADDRESS_OFFSET);
        if (blockBytes > 0) {
            MemorySegment.copy(segment, heap.offset(block), memory, at + head, blockBytes);
            heap.free(block);
        }
        openBytes += head + RelayedRecord.paddedBlock(blockBytes);
        counters.increment(LinkCounter.RECORDS_SENT);
    }

    private void close() {
        int slot = (waitingHead + waitingCount++) % FRAMES;
        waiting[slot] = open;
        waitingBytes[slot] = openBytes;
        open = NO_FRAME;
    }

    private int sendWaiting() {
        int sent = 0;
        while (waitingCount > 0) {
            int frame = waiting[waitingHead];
            int answer = channel.trySend(frames, (long) frame * frameBytes, waitingBytes[waitingHead], frame);
            if (answer != Channel.ACCEPTED) {
                if (!stalled) {
                    stalled = true;
                    counters.increment(LinkCounter.STALLS);
                }
                break;
            }
            stalled = false;
            counters.increment(LinkCounter.FRAMES_SENT);
            counters.add(LinkCounter.BYTES_SENT, waitingBytes[waitingHead]);
            waitingHead = (waitingHead + 1) % FRAMES;
            waitingCount--;
            sent++;
        }
        return sent;
    }

    private long blockBytes(long header, long payload, long block) {
        long bytes = RecordDescriptor.payloadBytes(header) < RelayedRecord.BLOCK_WORDS ? -1
                : segment.get(ValueLayout.JAVA_LONG,
                payload + RemoteRecordDescriptor.BYTES + BlockRecordDescriptor.BYTES_OFFSET);
        if (bytes <= 0 || !heap.hasRoom(block, bytes)
                || RelayedRecord.headBytes(header) + RelayedRecord.paddedBlock(bytes) > frameBytes) {
            throw new CorruptRecordException(bytes + " bytes in " + Handle.describe(block)
                    + " in a record for another node");
        }
        return bytes;
    }
}
