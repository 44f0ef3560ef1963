package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingDescriptor;
import org.isthmus.node.shm.RingProducer;

/**
 * FastForward (J. Giacomoni et al., PPoPP 2008) for records of variable length: the ring consists of cache lines, a
 * record takes whole ones; a line's first word is 0 while the line is free. The consumer writes these words back to 0,
 * and there is no other index: the producer finds room by looking at its oldest record's header.
 *
 * <p>Invariants: one line is always free, the one behind the last record; records never span the end.
 */
final class FastForwardProducer extends RingProducer {
    static final int LINE = 64;

    private final int lines;
    /** Lines of the record that begins at a line, for records not known to be consumed. */
    private final int[] taken;
    private int oldest;
    private int next;
    private int free;
    private int claimed;

    private FastForwardProducer(MemorySegment memory, long ring, int ringBytes) {
        super(memory, ring, ringBytes, (int) RingDescriptor.RECORDS_OFFSET);
        this.lines = capacity / LINE;
        this.taken = new int[lines];
        this.free = lines;
    }

    static RingProducer of(MemorySegment memory, long ring, int ringBytes) {
        return new FastForwardProducer(memory, ring, ringBytes);
    }

    /** Lines of a record. */
    static int lines(int payloadBytes) {
        return RecordDescriptor.recordBytes(payloadBytes) + LINE - 1 >>> 6;
    }

    @Override
    public long claim(int payloadBytes) {
        int needed = lines(payloadBytes);
        int toEnd = lines - next;
        boolean fits = needed <= toEnd;
        if (!isFree(1 + needed + (fits ? 0 : toEnd))) {
            return BACK_PRESSURED;
        }
        if (!fits) {
            write(toEnd, CreditedProducer.PADDING);
        }
        claimed = needed;
        return records + (long) next * LINE + RecordDescriptor.HEADER_BYTES;
    }

    @Override
    public void publish(long header) {
        write(claimed, header);
    }

    @Override
    public void flush() {
        // each record is visible since its publish
    }

    private void write(int count, long header) {
        int at = next;
        taken[at] = count;
        free -= count;
        next = at + count == lines ? 0 : at + count;
        words.setRelease(records + (long) at * LINE, header); // SYNC(ring.publish)
    }

    private boolean isFree(int wanted) {
        while (free < wanted) {
            // SYNC(ring.line): the consumer's reads of the record come before our writes
            if (free == lines || words.getAcquire(records + (long) oldest * LINE) != 0) {
                return false;
            }
            int count = taken[oldest];
            free += count;
            oldest = oldest + count == lines ? 0 : oldest + count;
        }
        return true;
    }
}
