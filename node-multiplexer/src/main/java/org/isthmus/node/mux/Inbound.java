package org.isthmus.node.mux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.node.endpoint.BlockRecordDescriptor;
import org.isthmus.node.endpoint.PeerLink;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;

/**
 * What other nodes send to one rank of this node: each record goes into the rank's ring at once, or waits here when the
 * ring or the block memory is full, so that a slow rank never holds up the others. What waits is bounded by the credit
 * that each node has for the rank; credit goes back when records have reached the rank, a quarter at a time.
 *
 * <p>Owned by the shard's thread. Records stay in order.
 */
final class Inbound {
    private static final int PARTS = 4;

    private final MemorySegment segment;
    private final RankEndpoint endpoint;
    private final RankHeap heap;
    private final int rank;
    private final NodeDirectory nodes;
    private final Sender sender;
    private final int holder;
    private final PeerLink link;
    private final RecordQueue queue = new RecordQueue();
    private final long mostHeld;
    private final long part;
    /** By node: bytes that have come and whose credit has not gone back. */
    private final long[] held;
    /** By node: those of them that have reached the rank. */
    private final long[] owed;
    private boolean unnoticed;

    /**
     * @param place of the rank
     * @param creditBytes that each node has for the rank
     * @param mostHeld bytes that may come before credit goes back
     * @param sender takes the credit for the other nodes
     */
    Inbound(RankEndpoint endpoint, int place, int rank, NodeDirectory nodes, long creditBytes, long mostHeld,
            Sender sender) {
        this.segment = endpoint.memory();
        this.endpoint = endpoint;
        this.heap = endpoint.heap();
        this.rank = rank;
        this.nodes = nodes;
        this.sender = sender;
        this.holder = endpoint.segment().messageHeap(place);
        this.link = endpoint.link(place);
        this.mostHeld = mostHeld;
        this.part = creditBytes / PARTS;
        this.held = new long[nodes.count()];
        this.owed = new long[nodes.count()];
    }

    /**
     * Takes a checked record of {@code bytes}, its block included, at {@code record} of {@code memory}.
     *
     * @return whether the rank got it at once
     */
    boolean add(int node, MemorySegment memory, long record, int bytes) {
        held[node] += bytes;
        if (held[node] > mostHeld) {
            throw new CorruptRecordException("node " + node + " sent " + held[node] + " bytes to rank " + rank
                    + " on a credit of " + PARTS * part + "; isthmus.mux.credit must be equal on all nodes");
        }
        if (queue.isEmpty() && deliver(memory, record)) {
            reached(node, bytes);
            return true;
        }
        long at = queue.add(bytes);
        MemorySegment.copy(memory, record, queue.memory(), at, bytes);
        return false;
    }

    /** Wakes the rank if it sleeps and got something since the last call: once for a frame, not for each record. */
    void notifyRank() {
        if (unnoticed) {
            unnoticed = false;
            link.notifyPeer();
        }
    }

    /** Moves on what waits. Returns how many records. */
    int flush() {
        int moved = 0;
        while (!queue.isEmpty() && deliver(queue.memory(), queue.first())) {
            int node = nodes.nodeOf(RelayedRecord.source(queue.memory(), queue.first()));
            int bytes = queue.firstBytes();
            queue.removeFirst();
            reached(node, bytes);
            moved++;
        }
        notifyRank();
        return moved;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    private void reached(int node, int bytes) {
        owed[node] += bytes;
        if (owed[node] >= part) {
            sender.returnCredit(node, rank, owed[node]);
            held[node] -= owed[node];
            owed[node] = 0;
        }
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
            notifyRank();
            if (withBlock) {
                heap.free(block);
            }
            return false;
        }
        MemorySegment.copy(memory, record + RelayedRecord.ADDRESS_OFFSET, segment, payload, payloadBytes);
        if (withBlock) {
            MemorySegment.copy(memory, record + RelayedRecord.headBytes(header),
                    segment, heap.offset(block), blockBytes);
            heap.handOver(block, holder);
            segment.set(ValueLayout.JAVA_LONG,
                    payload + RemoteRecordDescriptor.BYTES + BlockRecordDescriptor.BLOCK_OFFSET, block);
        }
        link.publishSilently(header);
        unnoticed = true;
        return true;
    }
}
