package org.isthmus.node.mux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.node.endpoint.BlockRecordDescriptor;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.RecordDescriptor;

/**
 * One record in a frame, or waiting for one. A frame is nothing but such records, one behind the other. Native byte
 * order: the nodes of a job are of one kind, which the hello has checked.
 *
 * <pre>
 *    0  header  u64                     as in a ring
 *    8  destination u32 | source u32    {@link RemoteRecordDescriptor}, counted in the header's payload length
 *   16  payload                         padded to 8
 *       block                           for kinds that carry one: its bytes, as many as {@link BlockRecordDescriptor}
 *                                       says, padded to 8
 * </pre>
 */
final class RelayedRecord {
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    static final int ADDRESS_OFFSET = RecordDescriptor.HEADER_BYTES;
    static final int PAYLOAD_OFFSET = ADDRESS_OFFSET + RemoteRecordDescriptor.BYTES;
    static final int BLOCK_OFFSET = PAYLOAD_OFFSET + BlockRecordDescriptor.BLOCK_OFFSET;
    static final int BLOCK_BYTES_OFFSET = PAYLOAD_OFFSET + BlockRecordDescriptor.BYTES_OFFSET;
    /** Least payload of a record that carries a block. */
    static final int BLOCK_WORDS = RemoteRecordDescriptor.BYTES + BlockRecordDescriptor.BLOCK_BYTES;

    /**
     * Payload of a {@link RecordDescriptor#KIND_CREDIT}: source is the rank that the bytes have reached; how many, u64.
     */
    static final int CREDIT_PAYLOAD_BYTES = RemoteRecordDescriptor.BYTES + Long.BYTES;

    private RelayedRecord() {}

    /** Bytes before the block. */
    static int headBytes(long header) {
        return RecordDescriptor.recordBytes(RecordDescriptor.payloadBytes(header));
    }

    /** Bytes of a block in a frame. */
    static int paddedBlock(long blockBytes) {
        return (int) (blockBytes + 7 & -8);
    }

    static int destination(MemorySegment memory, long record) {
        return memory.get(INT, record + ADDRESS_OFFSET + RemoteRecordDescriptor.DESTINATION_OFFSET);
    }

    static int source(MemorySegment memory, long record) {
        return memory.get(INT, record + ADDRESS_OFFSET + RemoteRecordDescriptor.SOURCE_OFFSET);
    }
}
