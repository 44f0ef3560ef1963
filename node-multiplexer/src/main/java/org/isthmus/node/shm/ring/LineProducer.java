package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingDescriptor;
import org.isthmus.node.shm.RingProducer;

/**
 * One stamp per cache line ({@link LineStamp}): small records are packed into the open line, whose stamp is stored when
 * the line is full, when a record goes to another line, and with {@link #flush}.
 *
 * <p>Invariants: (1) the word at the start of the line behind the last group is no stamp of that line; (2) a group
 * never spans the end: a line with a padding record alone skips the rest; (3)
 * {@code position - consumed <= capacity - 64}.
 */
final class LineProducer extends RingProducer {
    /** Where the last group begins, and how much of its line is written and stamped. */
    private int line;
    private int filled = LineStamp.LINE;
    private int stamped = LineStamp.LINE;
    private long linePosition = -LineStamp.LINE;
    /** Where the next group begins. */
    private int nextLine;
    private long position;
    private long consumedCache;
    /** Lines of the claimed record's own group; 0 when it goes into the open line. */
    private int claimedLines;
    private int claimedBytes;

    private LineProducer(MemorySegment memory, long ring, int ringBytes) {
        super(memory, ring, ringBytes, (int) RingDescriptor.RECORDS_OFFSET);
    }

    static RingProducer of(MemorySegment memory, long ring, int ringBytes) {
        return new LineProducer(memory, ring, ringBytes);
    }

    @Override
    public long claim(int payloadBytes) {
        int bytes = RecordDescriptor.recordBytes(payloadBytes);
        claimedBytes = bytes;
        if (filled + Math.max(bytes, LineStamp.LINE - LineStamp.FULL) <= LineStamp.LINE) {
            claimedLines = 0;
            return records + line + filled + RecordDescriptor.HEADER_BYTES;
        }
        int lines = LineStamp.lines(bytes);
        int toEnd = capacity - nextLine;
        boolean fits = lines * LineStamp.LINE <= toEnd;
        int needed = lines * LineStamp.LINE + (fits ? 0 : toEnd);
        if (position + needed + LineStamp.LINE - consumedCache > capacity && !refreshCredit(needed)) {
            return BACK_PRESSURED;
        }
        if (!fits) {
            padding(toEnd);
        }
        claimedLines = lines;
        return records + nextLine + LineStamp.BYTES + RecordDescriptor.HEADER_BYTES;
    }

    @Override
    public void publish(long header) {
        if (claimedLines == 0) {
            words.set(records + line + filled, header);
            filled += claimedBytes;
            if (filled > LineStamp.FULL) {
                flush();
            }
        } else {
            open(claimedLines * LineStamp.LINE, header, LineStamp.BYTES + claimedBytes);
        }
    }

    @Override
    public void flush() {
        if (stamped != filled) {
            stamped = filled;
            // SYNC(ring.publish): the records up to there are complete, and inv. 1
            words.setRelease(records + line, LineStamp.of(linePosition, filled));
        }
    }

    /** Begins a group of {@code bytes} of lines with its first record. */
    private void open(int bytes, long header, int used) {
        flush();
        line = nextLine;
        linePosition = position;
        position += bytes;
        nextLine = line + bytes == capacity ? 0 : line + bytes;
        words.set(records + line + LineStamp.BYTES, header);
        LineStamp.clear(words, records + nextLine, position); // inv. 1
        stamped = 0;
        filled = bytes > LineStamp.LINE ? LineStamp.LINE : used;
        if (filled > LineStamp.FULL) {
            flush();
        }
    }

    private void padding(int toEnd) {
        open(toEnd, CreditedProducer.PADDING, LineStamp.LINE);
    }

    private boolean refreshCredit(int needed) {
        // SYNC(ring.credit): the consumer's reads of that space come before our writes
        consumedCache = words.getAcquire(ring + RingDescriptor.CONSUMED_OFFSET);
        if (position + needed + LineStamp.LINE - consumedCache <= capacity) {
            return true;
        }
        flush();
        return false;
    }
}
