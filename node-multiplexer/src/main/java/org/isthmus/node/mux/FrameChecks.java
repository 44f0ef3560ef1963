package org.isthmus.node.mux;

import java.lang.foreign.MemorySegment;
import org.isthmus.allocator.slab.SizeClasses;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;

/** Checks of what comes from other nodes, before anything of it is used. */
final class FrameChecks {
    private FrameChecks() {}

    /**
     * Bytes of the record at {@code record}, its block included.
     *
     * @param left bytes of the frame from there on
     * @throws CorruptRecordException if that is no whole record
     */
    static int recordBytes(MemorySegment memory, long record, long left) {
        if (left < RelayedRecord.PAYLOAD_OFFSET) {
            throw new CorruptRecordException("a frame ends with " + left + " bytes that are no record");
        }
        long header = memory.get(RelayedRecord.LONG, record);
        int kind = RecordDescriptor.kind(header);
        int payload = RecordDescriptor.payloadBytes(header);
        int head = RelayedRecord.headBytes(header);
        boolean withBlock = RemoteRecordDescriptor.carriesBlock(kind);
        if (kind == 0 || kind >= RecordDescriptor.KIND_RING_CREATED || head > left
                || payload < (withBlock ? RelayedRecord.BLOCK_WORDS : RemoteRecordDescriptor.BYTES)) {
            throw new CorruptRecordException("header " + Long.toHexString(header) + " with " + left
                    + " bytes left is no record of a frame");
        }
        if (!withBlock) {
            return head;
        }
        long block = memory.get(RelayedRecord.LONG, record + RelayedRecord.BLOCK_BYTES_OFFSET);
        if (block <= 0 || block > SizeClasses.MAX_BYTES || head + (long) RelayedRecord.paddedBlock(block) > left) {
            throw new CorruptRecordException("block of " + block + " bytes in a frame with " + left + " bytes left");
        }
        return head + RelayedRecord.paddedBlock(block);
    }
}
