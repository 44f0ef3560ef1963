package org.isthmus.node.mux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.node.endpoint.PeerLink;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.RecordDescriptor;

/**
 * What other nodes send to one rank of this node: each record goes into the rank's ring at once, or waits here when the
 * ring or the block memory is full, so that a slow rank never holds up the others.
 *
 * <p>Owned by the multiplexer's thread. Records stay in order.
 */
final class Inbound {
    private final MemorySegment segment;
    private final RankEndpoint endpoint;
    private final RankHeap heap;
    private final int holder;
    private final PeerLink link;
    private final RecordQueue queue = new RecordQueue();

    /** @param place of the rank */
    Inbound(RankEndpoint endpoint, int place) {
        this.segment = endpoint.memory();
        this.endpoint = endpoint;
        this.heap = endpoint.heap();
        this.holder = endpoint.segment().messageHeap(place);
        this.link = endpoint.link(place);
    }

    /**
     * Takes a checked record of {@code bytes}, its block included, at {@code record} of {@code memory}.
     *
     * @return whether the rank got it at once
     */
    boolean add(MemorySegment memory, long record, int bytes) {
        if (queue.isEmpty() && deliver(memory, record)) {
            return true;
        }
        long at = queue.add(bytes);
        MemorySegment.copy(memory, record, queue.memory(), at, bytes);
        return false;
    }

    /** Moves on what waits. Returns how many records. */
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

    private boolean deliver(MemorySegment memory, long record) {
        long header = memory.get(RelayedRecord.LONG, record);
        int payloadBytes = RecordDescriptor.payloadBytes(header);
        boolean withBlock = RemoteRecordDescriptor.carriesBlock(RecordDescriptor.kind(header));
        long block = 0;
        long blockBytes = 0;
        if (withBlock) {
            blockBytes = memory.get(RelayedRecord.LONG, record + RelayedRecord.BLOCK_BYTES_OFFSET);
            block = endpoint.allocateBlock((int) blockBytes, RecordDescriptor.context(header));
            if (block == Handle.NONE) {
                return false;
            }
        }
        long payload = link.claim(payloadBytes);
        if (payload == PeerLink.BACK_PRESSURED) {
            if (withBlock) {
                heap.free(block);
            }
            return false;
        }
        MemorySegment.copy(memory, record + RelayedRecord.ADDRESS_OFFSET, segment, payload, payloadBytes);
        if (withBlock) {
            MemorySegment.copy(memory, record + RelayedRecord.headBytes(header), segment, heap.offset(block), blockBytes);
            heap.handOver(block, holder);
            segment.set(ValueLayout.JAVA_LONG, payload + RemoteRecordDescriptor.BYTES, block);
        }
        link.publish(header);
        return true;
    }
}
