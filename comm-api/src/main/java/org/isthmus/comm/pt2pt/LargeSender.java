package org.isthmus.comm.pt2pt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.node.endpoint.LargeRecordDescriptor;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RecordLink;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;

/**
 * The sending rank's steps of a message that goes to another node from segment to segment
 * ({@link LargeRecordDescriptor}), as far as the receiver has cleared it. A message that lies in the node's segment is
 * named to the multiplexer, which reads it there and says when it has done; any other one is packed into blocks, a piece
 * at a time, while earlier pieces are on the wire.
 *
 * <p>Owned by the engine thread.
 */
final class LargeSender {
    private final RankEndpoint endpoint;
    private final NodeRanks ranks;
    private final MemorySegment memory;
    private final PointToPointOptions options;

    LargeSender(RankEndpoint endpoint, NodeRanks ranks, PointToPointOptions options) {
        this.endpoint = endpoint;
        this.ranks = ranks;
        this.memory = endpoint.memory();
        this.options = options;
    }

    /** Whether a rendezvous send goes this way. */
    boolean takes(Transfer send) {
        return send.peer < ranks.jobSize() && ranks.place(send.peer) == NodeRanks.ELSEWHERE
                && send.bytesAsked > options.remoteEagerLimit();
    }

    /** Notes what a clear-to-send record says; its payload is checked. */
    void clear(Transfer send, int payloadBytes, long payload) {
        long receive = payloadBytes == LargeRecordDescriptor.CLEAR_BYTES
                ? memory.get(ValueLayout.JAVA_LONG, payload + LargeRecordDescriptor.CLEAR_RECEIVE_OFFSET) : -1;
        long limit = payloadBytes == LargeRecordDescriptor.CLEAR_BYTES
                ? memory.get(ValueLayout.JAVA_LONG, payload + LargeRecordDescriptor.CLEAR_LIMIT_OFFSET) : -1;
        if (receive < 0 || receive > Integer.MAX_VALUE || limit <= send.limit || limit > send.bytesAsked
                || send.limit != 0 && receive != send.remoteId) {
            throw new CorruptRecordException("rank " + send.peer + " clears " + limit + " of " + send.bytesAsked
                    + " bytes, of which " + send.limit + " were cleared, for its receive " + receive);
        }
        send.remoteId = receive;
        send.limit = limit;
    }

    /** Passes on what is cleared; false if there is no room for all of it now. */
    boolean advance(PeerOutbox out, Transfer send) {
        return isInSegment(send) ? nameRange(out, send) : packPieces(out, send);
    }

    /** Whether the send ends only when the multiplexer has read it. */
    boolean isInSegment(Transfer send) {
        return send.base == memory && send.type.isContiguous();
    }

    private boolean nameRange(PeerOutbox out, Transfer send) {
        if (send.position == send.limit) {
            return true;
        }
        long payload = out.link.claim(LargeRecordDescriptor.RANGE_BYTES);
        if (payload == RecordLink.BACK_PRESSURED) {
            return false;
        }
        put(payload + LargeRecordDescriptor.RANGE_OFFSET_OFFSET, send.offset + send.position);
        put(payload + LargeRecordDescriptor.RANGE_BYTES_OFFSET, send.limit - send.position);
        put(payload + LargeRecordDescriptor.RANGE_POSITION_OFFSET, send.position);
        put(payload + LargeRecordDescriptor.RANGE_SEND_OFFSET,
                send.limit == send.bytesAsked ? send.id : LargeRecordDescriptor.NOT_LAST);
        put(payload + LargeRecordDescriptor.RANGE_PIECE_OFFSET, options.pieceBytes());
        out.link.publish(RecordDescriptor.header(LargeRecordDescriptor.KIND_RANGE, 0, (int) send.remoteId,
                LargeRecordDescriptor.RANGE_BYTES));
        send.position = send.limit;
        return true;
    }

    private boolean packPieces(PeerOutbox out, Transfer send) {
        while (send.position < send.limit) {
            int bytes = (int) Math.min(options.pieceBytes(), send.limit - send.position);
            long block = endpoint.allocateBlock(bytes, send.context);
            if (block == Handle.NONE) {
                return false;
            }
            long payload = out.link.claim(LargeRecordDescriptor.PIECE_BYTES);
            if (payload == RecordLink.BACK_PRESSURED) {
                endpoint.heap().free(block);
                return false;
            }
            Packer.pack(send.base, send.offset, send.count, send.type, send.position, memory,
                    endpoint.heap().offset(block), bytes);
            endpoint.heap().handOver(block, out.holder);
            put(payload + LargeRecordDescriptor.PIECE_BLOCK_OFFSET, block);
            put(payload + LargeRecordDescriptor.PIECE_BYTES_OFFSET, bytes);
            put(payload + LargeRecordDescriptor.PIECE_POSITION_OFFSET, send.position);
            out.link.publish(RecordDescriptor.header(LargeRecordDescriptor.KIND_PIECE, 0, (int) send.remoteId,
                    LargeRecordDescriptor.PIECE_BYTES));
            send.position += bytes;
        }
        return true;
    }

    private void put(long at, long word) {
        memory.set(ValueLayout.JAVA_LONG, at, word);
    }
}
