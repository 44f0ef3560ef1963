package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.shm.RingDescriptor;

/**
 * One stamp per cache line ({@link LineStamp}): the records that a stamp covers are read without looking at it again.
 * Behind them, the open line's stamp and the next line's are looked at.
 */
final class LineConsumer extends RingConsumer {
    private final int creditBatch;
    /** The line in hand, and the part of it that is known to be written and not yet read. */
    private int line;
    private int offset = LineStamp.LINE;
    private int filled = LineStamp.LINE;
    private long linePosition = -LineStamp.LINE;
    private int nextLine;
    private long position;
    private long consumedPublished;

    private LineConsumer(MemorySegment memory, long ring, int ringBytes) {
        super(memory, ring, ringBytes, (int) RingDescriptor.RECORDS_OFFSET);
        this.creditBatch = RingDescriptor.creditBatch(capacity);
    }

    static RingConsumer of(MemorySegment memory, long ring, int ringBytes) {
        return new LineConsumer(memory, ring, ringBytes);
    }

    @Override
    public long next() {
        if (offset >= filled && !look()) {
            return EMPTY;
        }
        long header = words.get(records + line + offset);
        int end = offset + RecordDescriptor.recordBytes(RecordDescriptor.payloadBytes(header));
        if (header <= 0 || line + end > capacity || end > filled && filled < LineStamp.LINE
                || end > LineStamp.LINE && offset != LineStamp.BYTES) {
            throw corrupt(header, line + offset);
        }
        if (RecordDescriptor.kind(header) == RecordDescriptor.KIND_PADDING) {
            skipToStart();
            return look() ? next() : EMPTY;
        }
        return header;
    }

    @Override
    public long payload() {
        return records + line + offset + RecordDescriptor.HEADER_BYTES;
    }

    @Override
    public void advance(long header) {
        offset += RecordDescriptor.recordBytes(RecordDescriptor.payloadBytes(header));
        if (offset > LineStamp.FULL) {
            close(offset + LineStamp.LINE - 1 & -LineStamp.LINE);
        }
    }

    /** Whether the line in hand has grown or the next one is there, which is in hand then. */
    private boolean look() {
        if (offset < LineStamp.LINE && grown()) {
            return true;
        }
        boolean open = offset < LineStamp.LINE;
        long at = open ? linePosition + LineStamp.LINE : position;
        // SYNC(ring.publish): the records are read after
        long stamp = words.getAcquire(records + nextLine);
        if (!LineStamp.isOf(stamp, at)) {
            return false;
        }
        if (open) {
            if (grown()) { // the last record of this line came between our two looks
                return true;
            }
            close(LineStamp.LINE);
        }
        take(stamp, nextLine, at);
        return true;
    }

    private void take(long stamp, int start, long at) {
        int end = LineStamp.filled(stamp);
        if (end < 2 * LineStamp.BYTES || end > LineStamp.LINE) {
            throw corrupt(stamp, start);
        }
        line = start;
        linePosition = at;
        offset = LineStamp.BYTES;
        filled = end;
        nextLine = start + LineStamp.LINE == capacity ? 0 : start + LineStamp.LINE;
    }

    private boolean grown() {
        long stamp = words.getAcquire(records + line); // SYNC(ring.publish)
        int end = LineStamp.filled(stamp);
        if (!LineStamp.isOf(stamp, linePosition) || end < filled || end > LineStamp.LINE) {
            throw corrupt(stamp, line);
        }
        boolean grown = end > filled;
        filled = end;
        return grown;
    }

    private void skipToStart() {
        close(capacity - line);
        publishCredit();
    }

    /** The group in hand, of {@code bytes}, is read. */
    private void close(int bytes) {
        nextLine = line + bytes == capacity ? 0 : line + bytes;
        position = linePosition + bytes;
        offset = LineStamp.LINE;
        filled = LineStamp.LINE;
        if (position - consumedPublished >= creditBatch) {
            publishCredit();
        }
    }

    private void publishCredit() {
        consumedPublished = position;
        // SYNC(ring.credit): our reads come before the producer's overwriting
        words.setRelease(ring + RingDescriptor.CONSUMED_OFFSET, position);
        tellRoom();
    }
}
