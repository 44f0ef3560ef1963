package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.shm.RingDescriptor;

/** The steps over packed records, and the write-back of the consumer's index after a quarter of the ring. */
abstract class CreditedConsumer extends RingConsumer {
    private final int creditBatch;
    int index;
    long position;
    private long consumedPublished;

    CreditedConsumer(MemorySegment memory, long ring, int ringBytes, long recordsOffset) {
        super(memory, ring, ringBytes, (int) recordsOffset);
        this.creditBatch = RingDescriptor.creditBatch(capacity);
    }

    @Override
    public final long payload() {
        return records + index + RecordDescriptor.HEADER_BYTES;
    }

    /** {@code header}, whose record is known to stay within the ring. */
    final long checked(long header) {
        if (index + RecordDescriptor.recordBytes(RecordDescriptor.payloadBytes(header)) > capacity) {
            throw corrupt(header, index);
        }
        return header;
    }

    /** Moves {@code index} and {@code position} over a checked record. */
    final void step(long header) {
        int bytes = RecordDescriptor.recordBytes(RecordDescriptor.payloadBytes(header));
        int next = index + bytes;
        index = next == capacity ? 0 : next;
        position += bytes;
        if (position - consumedPublished >= creditBatch) {
            publishCredit();
        }
    }

    final void skipToStart() {
        position += capacity - index;
        index = 0;
        publishCredit();
    }

    final void publishCredit() {
        consumedPublished = position;
        // SYNC(ring.credit): our reads come before the producer's overwriting
        words.setRelease(ring + RingDescriptor.CONSUMED_OFFSET, position);
        tellRoom();
    }

    final boolean isCreditTold() {
        return position == consumedPublished;
    }
}
