package org.isthmus.launch.simulate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.RecordDescriptor;

/**
 * The records of a frame that the multiplexer has made, one after the other: header word, destination and source,
 * payload, and the bytes of a block for kinds that carry one.
 */
final class FrameRecords {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final int DESTINATION_OFFSET =
            RecordDescriptor.HEADER_BYTES + (int) RemoteRecordDescriptor.DESTINATION_OFFSET;
    private static final int SOURCE_OFFSET = RecordDescriptor.HEADER_BYTES + (int) RemoteRecordDescriptor.SOURCE_OFFSET;
    private static final int BLOCK_BYTES_OFFSET =
            RecordDescriptor.HEADER_BYTES + RemoteRecordDescriptor.BYTES + Long.BYTES;

    private final MemorySegment frame;
    private final int end;
    private int at;
    private int next;

    FrameRecords(byte[] frame) {
        this.frame = MemorySegment.ofArray(frame);
        this.end = frame.length;
    }

    /** Goes to the next record; false at the end. */
    boolean next() {
        at = next;
        if (at >= end) {
            return false;
        }
        long header = frame.get(LONG, at);
        int bytes = RecordDescriptor.recordBytes(RecordDescriptor.payloadBytes(header));
        if (RemoteRecordDescriptor.carriesBlock(RecordDescriptor.kind(header))) {
            bytes += (int) (frame.get(LONG, at + BLOCK_BYTES_OFFSET) + 7 & -8);
        }
        next = at + bytes;
        return true;
    }

    /** How many records there are. */
    static int count(byte[] frame) {
        FrameRecords records = new FrameRecords(frame);
        int count = 0;
        while (records.next()) {
            count++;
        }
        return count;
    }

    /** Whether it is of the multiplexers themselves, so that its destination means nothing. */
    boolean isOwn() {
        return RecordDescriptor.kind(frame.get(LONG, at)) >= RecordDescriptor.KIND_CREDIT;
    }

    int offset() {
        return at;
    }

    int bytes() {
        return next - at;
    }

    int destination() {
        return frame.get(INT, at + DESTINATION_OFFSET);
    }

    int source() {
        return frame.get(INT, at + SOURCE_OFFSET);
    }

    void address(int destination, int source) {
        frame.set(INT, at + DESTINATION_OFFSET, destination);
        frame.set(INT, at + SOURCE_OFFSET, source);
    }
}
