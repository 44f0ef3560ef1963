package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingDescriptor;
import org.isthmus.node.shm.RingProducer;

/**
 * Validity flag: a record is there when its header word is not 0.
 *
 * <p>Invariant 1: the word behind the last published record is 0. It is zeroed ahead, as soon as a record is out, on
 * the guess that the next one has the same size: so fetching the next cache line is seldom part of a message's way.
 */
final class ValidityProducer extends CreditedProducer {
    /** A word of the ring beyond {@code index} that is 0; -1 if none is known. */
    private int zeroedAhead = -1;

    private ValidityProducer(MemorySegment memory, long ring, int ringBytes) {
        super(memory, ring, ringBytes, RingDescriptor.RECORDS_OFFSET);
    }

    static RingProducer of(MemorySegment memory, long ring, int ringBytes) {
        return new ValidityProducer(memory, ring, ringBytes);
    }

    @Override
    public void publish(long header) {
        int at = index;
        int next = at + claimedBytes;
        if (next == capacity) {
            next = 0;
        }
        if (next != zeroedAhead) {
            words.set(records + next, 0L); // inv. 1
        }
        index = next;
        position += claimedBytes;
        words.setRelease(records + at, header); // SYNC(ring.publish): payload and inv. 1 visible to the consumer
        zeroAhead(next + claimedBytes);
    }

    @Override
    public void flush() {
        // each record is visible since its publish
    }

    @Override
    void writePadding() {
        words.set(records, 0L); // inv. 1
        words.setRelease(records + index, PADDING); // SYNC(ring.publish)
        zeroedAhead = -1;
    }

    private void zeroAhead(int word) {
        if (word < capacity && position + claimedBytes + RecordDescriptor.HEADER_BYTES - consumedCache <= capacity) {
            words.set(records + word, 0L);
            zeroedAhead = word;
        } else {
            zeroedAhead = -1;
        }
    }
}
