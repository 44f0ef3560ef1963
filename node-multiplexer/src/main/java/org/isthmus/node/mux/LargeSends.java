package org.isthmus.node.mux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.node.endpoint.BlockRecordDescriptor;
import org.isthmus.node.endpoint.LargeRecordDescriptor;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.status.LinkCounter;

/**
 * The large messages that leave for one other node: each piece is a region transfer straight from the segment, and a
 * record in the stream of frames that says what it is. Region transfers of a channel arrive in order, and so do frames,
 * so the n-th record belongs to the n-th transfer. Messages take turns, a piece each.
 *
 * <p>Owned by the multiplexer's thread. Blocks are held here, as the multiplexer's, until the backend no longer reads
 * them: the death of their sender does not free them.
 */
final class LargeSends {
    /** Told on which send of a rank the wire is done. */
    interface FinishedListener {
        void onFinished(int source, int destination, int send);
    }

    /** One message on its way. */
    private record Key(int source, int destination, int receive) {}

    private static final class Message {
        final Key key;
        final ArrayDeque<Part> parts = new ArrayDeque<>();

        Message(Key key) {
            this.key = key;
        }
    }

    /** A block, or a range that is cut into pieces. */
    private static final class Part {
        final long block;
        final long offset;
        final long bytes;
        final long position;
        final long send;
        final int piece;
        long sent;

        Part(long block, long offset, long bytes, long position, long send, int piece) {
            this.block = block;
            this.offset = offset;
            this.bytes = bytes;
            this.position = position;
            this.send = send;
            this.piece = piece;
        }
    }

    /** A region transfer that the backend has accepted. */
    private record Transfer(Key key, Part part, boolean last) {}

    private final RankHeap heap;
    private final SegmentRegions regions;
    private final Outbound frames;
    private final FinishedListener listener;
    private final Map<Key, Message> messages = new HashMap<>();
    private final ArrayDeque<Message> turns = new ArrayDeque<>();
    private final ArrayDeque<Transfer> underWay = new ArrayDeque<>();
    private final MemorySegment record =
            Arena.ofAuto().allocate(RemoteRecordDescriptor.BYTES + BlockRecordDescriptor.PIECE_BYTES, Long.BYTES);
    private boolean closed;

    LargeSends(RankHeap heap, SegmentRegions regions, Outbound frames, FinishedListener listener) {
        this.heap = heap;
        this.regions = regions;
        this.frames = frames;
        this.listener = listener;
    }

    /** Takes a checked block of the multiplexer's. */
    void addBlock(int source, int destination, int receive, long block, int bytes, long position) {
        add(new Key(source, destination, receive),
                new Part(block, heap.offset(block), bytes, position, LargeRecordDescriptor.NOT_LAST, bytes));
    }

    /** Takes a checked range of the segment. */
    void addRange(int source, int destination, int receive, long offset, long bytes,
            long position, long send, int piece) {
        add(new Key(source, destination, receive), new Part(Handle.NONE, offset, bytes, position, send, piece));
    }

    private void add(Key key, Part part) {
        if (closed) {
            release(part);
            return;
        }
        Message message = messages.get(key);
        if (message == null) {
            message = new Message(key);
            messages.put(key, message);
            turns.add(message);
        }
        message.parts.add(part);
    }

    /** Gives the backend what it takes. Returns how many pieces. */
    int flush() {
        int moved = 0;
        while (!turns.isEmpty() && send(turns.peekFirst())) {
            Message message = turns.removeFirst();
            if (message.parts.isEmpty()) {
                messages.remove(message.key);
            } else {
                turns.addLast(message);
            }
            moved++;
        }
        return moved;
    }

    private boolean send(Message message) {
        Part part = message.parts.peekFirst();
        long at = part.offset + part.sent;
        int bytes = (int) Math.min(part.piece, part.bytes - part.sent);
        int answer = frames.channel()
                .trySendRegion(regions.at(at), SegmentRegions.within(at), bytes, LargeMessages.CONTEXT);
        if (answer != Channel.ACCEPTED) {
            return false;
        }
        frames.counters().increment(LinkCounter.PIECES_SENT);
        frames.counters().add(LinkCounter.PIECE_BYTES_SENT, bytes);
        announce(message.key, bytes, part.position + part.sent);
        part.sent += bytes;
        boolean last = part.sent == part.bytes;
        underWay.add(new Transfer(message.key, part, last));
        if (last) {
            message.parts.removeFirst();
        }
        return true;
    }

    private void announce(Key key, long bytes, long position) {
        record.set(RelayedRecord.INT, RemoteRecordDescriptor.DESTINATION_OFFSET, key.destination);
        record.set(RelayedRecord.INT, RemoteRecordDescriptor.SOURCE_OFFSET, key.source);
        long payload = RemoteRecordDescriptor.BYTES;
        record.set(RelayedRecord.LONG, payload + BlockRecordDescriptor.BYTES_OFFSET, bytes);
        record.set(RelayedRecord.LONG, payload + BlockRecordDescriptor.POSITION_OFFSET, position);
        frames.addOwn(RecordDescriptor.header(LargeRecordDescriptor.KIND_PIECE, 0, key.receive,
                (int) record.byteSize()), record);
    }

    /** The oldest transfer is over. */
    void onSent() {
        Transfer done = underWay.removeFirst();
        if (!done.last) {
            return;
        }
        release(done.part);
        if (done.part.send != LargeRecordDescriptor.NOT_LAST) {
            listener.onFinished(done.key.source, done.key.destination, (int) done.part.send);
        }
    }

    /** The channel has ended: nothing is read any more, and nothing will leave. */
    void onClosed() {
        closed = true;
        underWay.stream().filter(Transfer::last).forEach(transfer -> release(transfer.part));
        messages.values().forEach(message -> message.parts.forEach(this::release));
        underWay.clear();
        messages.clear();
        turns.clear();
    }

    private void release(Part part) {
        if (part.block != Handle.NONE) {
            heap.free(part.block);
        }
    }

    /** Whether there is something for the next {@link #flush}. */
    boolean hasWork() {
        return !turns.isEmpty();
    }

    boolean isIdle() {
        return turns.isEmpty() && underWay.isEmpty();
    }
}
