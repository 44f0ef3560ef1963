package org.isthmus.node.mux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.node.endpoint.BlockRecordDescriptor;
import org.isthmus.node.endpoint.LargeRecordDescriptor;
import org.isthmus.node.endpoint.OneSidedRecordDescriptor;
import org.isthmus.node.endpoint.PeerLink;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.RecordDescriptor;

/**
 * What the multiplexer itself has to say to one rank of its node about large messages: a piece has come into a block, a
 * message has arrived, ranges are no longer read; and that its one-sided operations are complete. In order among
 * themselves; no other record depends on theirs.
 *
 * <p>Owned by the multiplexer's thread. A block stays the multiplexer's until its notice is in the rank's ring.
 */
final class RankNotices {
    private final MemorySegment segment;
    private final RankHeap heap;
    private final PeerLink link;
    private final int holder;
    private final int rank;
    private final RecordQueue queue = new RecordQueue();

    /** @param rank the rank at {@code place} */
    RankNotices(RankEndpoint endpoint, int place, int rank) {
        this.segment = endpoint.memory();
        this.heap = endpoint.heap();
        this.link = endpoint.link(place);
        this.holder = endpoint.segment().messageHeap(place);
        this.rank = rank;
    }

    void data(int source, int receive, long block, long bytes, long position) {
        long payload = add(LargeRecordDescriptor.KIND_DATA, source, receive, BlockRecordDescriptor.PIECE_BYTES);
        MemorySegment memory = queue.memory();
        memory.set(RelayedRecord.LONG, payload + BlockRecordDescriptor.BLOCK_OFFSET, block);
        memory.set(RelayedRecord.LONG, payload + BlockRecordDescriptor.BYTES_OFFSET, bytes);
        memory.set(RelayedRecord.LONG, payload + BlockRecordDescriptor.POSITION_OFFSET, position);
        flush();
    }

    void arrived(int source, int receive, long bytes) {
        long payload = add(LargeRecordDescriptor.KIND_ARRIVED, source, receive, LargeRecordDescriptor.ARRIVED_BYTES);
        queue.memory().set(RelayedRecord.LONG, payload, bytes);
        flush();
    }

    void finished(int source, int send) {
        add(LargeRecordDescriptor.KIND_FINISHED, source, send, 0);
        flush();
    }

    void done(int source, int token) {
        add(OneSidedRecordDescriptor.KIND, OneSidedRecordDescriptor.DONE, source, token, 0);
        flush();
    }

    /** Moves on what waits. Returns how many notices. */
    int flush() {
        int moved = 0;
        while (!queue.isEmpty() && deliver(queue.memory(), queue.first())) {
            queue.removeFirst();
            moved++;
        }
        return moved;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    private long add(int kind, int source, int id, int bytes) {
        return add(kind, 0, source, id, bytes);
    }

    private long add(int kind, int context, int source, int id, int bytes) {
        long header = RecordDescriptor.header(kind, context, id, RemoteRecordDescriptor.BYTES + bytes);
        long at = queue.add(RelayedRecord.headBytes(header));
        queue.memory().set(RelayedRecord.LONG, at, header);
        long address = at + RelayedRecord.ADDRESS_OFFSET;
        queue.memory().set(RelayedRecord.INT, address + RemoteRecordDescriptor.DESTINATION_OFFSET, rank);
        queue.memory().set(RelayedRecord.INT, address + RemoteRecordDescriptor.SOURCE_OFFSET, source);
        return at + RelayedRecord.PAYLOAD_OFFSET;
    }

    private boolean deliver(MemorySegment memory, long record) {
        long header = memory.get(RelayedRecord.LONG, record);
        int payloadBytes = RecordDescriptor.payloadBytes(header);
        long payload = link.claim(payloadBytes);
        if (payload == PeerLink.BACK_PRESSURED) {
            return false;
        }
        MemorySegment.copy(memory, record + RelayedRecord.ADDRESS_OFFSET, segment, payload, payloadBytes);
        if (RecordDescriptor.kind(header) == LargeRecordDescriptor.KIND_DATA) {
            heap.handOver(segment.get(ValueLayout.JAVA_LONG,
                    payload + RemoteRecordDescriptor.BYTES + BlockRecordDescriptor.BLOCK_OFFSET), holder);
        }
        link.publish(header);
        return true;
    }
}
