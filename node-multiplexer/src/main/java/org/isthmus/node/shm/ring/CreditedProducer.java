package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingDescriptor;
import org.isthmus.node.shm.RingProducer;

/**
 * The claim that variants with packed records (multiples of 8 bytes, one behind the other) share: room is what the
 * consumer has written back, read again only when what was known of it is used up.
 *
 * <p>Invariants: records never span the end, a padding record skips the rest; and
 * {@code position - consumed <= capacity - 8}, so that the word behind the last record is always the producer's.
 */
abstract class CreditedProducer extends RingProducer {
    static final long PADDING = RecordDescriptor.header(RecordDescriptor.KIND_PADDING, 0, 0, 0);

    /** Where in the records the next one begins. */
    int index;
    /** Bytes of records, paddings included, so far. */
    long position;
    int claimedBytes;
    long consumedCache;

    CreditedProducer(MemorySegment memory, long ring, int ringBytes, long recordsOffset) {
        super(memory, ring, ringBytes, (int) recordsOffset);
    }

    @Override
    public final long claim(int payloadBytes) {
        int bytes = RecordDescriptor.recordBytes(payloadBytes);
        int toEnd = capacity - index;
        if (bytes > toEnd) {
            return claimAtStart(bytes, toEnd);
        }
        if (position + bytes + RecordDescriptor.HEADER_BYTES - consumedCache > capacity && !refreshCredit(bytes)) {
            return BACK_PRESSURED;
        }
        claimedBytes = bytes;
        return records + index + RecordDescriptor.HEADER_BYTES;
    }

    /** Writes a padding at {@code index}. */
    abstract void writePadding();

    private long claimAtStart(int bytes, int toEnd) {
        if (position + toEnd + bytes + RecordDescriptor.HEADER_BYTES - consumedCache > capacity
                && !refreshCredit(toEnd + bytes)) {
            return BACK_PRESSURED;
        }
        writePadding();
        index = 0;
        position += toEnd;
        claimedBytes = bytes;
        return records + RecordDescriptor.HEADER_BYTES;
    }

    private boolean refreshCredit(int bytes) {
        // SYNC(ring.credit): the consumer's reads of that space come before our writes
        consumedCache = words.getAcquire(ring + RingDescriptor.CONSUMED_OFFSET);
        if (position + bytes + RecordDescriptor.HEADER_BYTES - consumedCache <= capacity) {
            return true;
        }
        flush();
        return false;
    }
}
