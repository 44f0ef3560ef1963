package org.isthmus.comm.pt2pt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.node.endpoint.LargeRecordDescriptor;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RecordLink;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;

/**
 * The sending rank's steps of a message that goes to another node from segment to segment
 * ({@link LargeRecordDescriptor}), as far as the receiver has cleared it. A message that lies in the node's segment is
 * named to the multiplexer, which reads it there and says when it has done; any other one is packed into blocks, a
 * piece at a time, while earlier pieces are on the wire.
 *
 * <p>Owned by the engine thread.
 */
final class LargeSender {
    private final NodeRanks ranks;
    private final MemorySegment memory;
    private final PointToPointOptions options;
    private final BlockSender blocks;

    LargeSender(RankEndpoint endpoint, NodeRanks ranks, PointToPointOptions options, BlockSender blocks) {
        this.ranks = ranks;
        this.memory = endpoint.memory();
        this.options = options;
        this.blocks = blocks;
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
        return send.liesIn(memory) ? nameRange(out, send)
                : blocks.advanceTo(out, send, send.limit, options.pieceBytes(), LargeRecordDescriptor.KIND_PIECE);
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

    private void put(long at, long word) {
        memory.set(ValueLayout.JAVA_LONG, at, word);
    }
}
