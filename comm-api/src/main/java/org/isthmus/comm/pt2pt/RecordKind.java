package org.isthmus.comm.pt2pt;

import org.isthmus.node.endpoint.BlockRecordDescriptor;
import org.isthmus.node.endpoint.LargeRecordDescriptor;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.RecordDescriptor;

/**
 * Kinds of ring records between ranks of a node, and where their fields lie in the payload. Sizes in bytes.
 *
 * <pre>
 *  matching order (header: context, tag)
 *   EAGER_INLINE   the message's bytes
 *   EAGER_FIRST    {@link BlockRecordDescriptor} | total u64            first fragment, in a block of the sender
 *   EAGER_NEXT     {@link BlockRecordDescriptor}                        further fragment of the same message
 *   READY_TO_SEND  total u64 | send id u32, announcement u32 | shared offset i64 | process id u64 | address u64
 *
 *  any order (header tag: id of the transfer at the receiver of the record)
 *   CLEAR_TO_SEND  receive id u64
 *   DATA           {@link BlockRecordDescriptor} with position
 *   FINISHED       (empty)  the receiver has copied the message out of the sender's buffer; with a context see
 *                           {@link Withdrawals}
 *   GRANT          bytes u64  of eager messages that the receiver has passed on; only from another node
 * </pre>
 *
 * Large messages between nodes have kinds and forms of their own, see {@link LargeRecordDescriptor}.
 *
 * The kinds that carry a block are those that {@link RemoteRecordDescriptor} says.
 */
final class RecordKind {
    static final int EAGER_INLINE = 1;
    static final int EAGER_FIRST = RemoteRecordDescriptor.FIRST_BLOCK_KIND;
    static final int EAGER_NEXT = 3;
    static final int DATA = LargeRecordDescriptor.KIND_DATA;
    static final int READY_TO_SEND = 5;
    static final int CLEAR_TO_SEND = LargeRecordDescriptor.KIND_CLEAR_TO_SEND;
    static final int FINISHED = LargeRecordDescriptor.KIND_FINISHED;
    static final int GRANT = 9;

    /** Not in any ring, beyond their kinds: an unexpected message of this rank to itself. */
    static final int LOCAL = RecordDescriptor.MAX_KIND + 1;

    static final int EAGER_TOTAL_OFFSET = BlockRecordDescriptor.BLOCK_BYTES;
    static final int EAGER_FIRST_BYTES = EAGER_TOTAL_OFFSET + Long.BYTES;
    static final int EAGER_NEXT_BYTES = BlockRecordDescriptor.BLOCK_BYTES;

    static final int READY_TOTAL_OFFSET = 0;
    static final int READY_SEND_OFFSET = 8;
    static final int READY_SHARED_OFFSET = 16;
    static final int READY_PROCESS_OFFSET = 24;
    static final int READY_ADDRESS_OFFSET = 32;
    static final int READY_TO_SEND_BYTES = 40;

    static final int CONTROL_BYTES = 8;

    /** Shared offset of a message that does not lie in the segment. */
    static final long NOT_SHARED = -1;

    /** Shared offset of a message that goes to another node from segment to segment. */
    static final long BY_REGION = -2;

    private RecordKind() {}
}
