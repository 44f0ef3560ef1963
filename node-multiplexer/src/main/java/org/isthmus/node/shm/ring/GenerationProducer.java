package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import org.isthmus.node.shm.RingDescriptor;
import org.isthmus.node.shm.RingProducer;

/**
 * Generation only: each record carries, in bit 63 of its header word, in which lap of the ring it was written. One bit
 * is enough, because {@link LapMark} leaves no word at a place to be looked at next that could be taken for a record.
 */
final class GenerationProducer extends CreditedProducer {
    private long lap = LapMark.FIRST;

    private GenerationProducer(MemorySegment memory, long ring, int ringBytes) {
        super(memory, ring, ringBytes, RingDescriptor.RECORDS_OFFSET);
    }

    static RingProducer of(MemorySegment memory, long ring, int ringBytes) {
        return new GenerationProducer(memory, ring, ringBytes);
    }

    @Override
    public void publish(long header) {
        int at = index;
        int next = at + claimedBytes;
        long marked = header ^ lap;
        if (next == capacity) {
            next = 0;
            lap = LapMark.next(lap);
        }
        LapMark.clear(words, records + next, lap);
        index = next;
        position += claimedBytes;
        words.setRelease(records + at, marked); // SYNC(ring.publish)
    }

    @Override
    public void flush() {
        // each record is visible since its publish
    }

    @Override
    void writePadding() {
        long marked = PADDING ^ lap;
        lap = LapMark.next(lap);
        LapMark.clear(words, records, lap);
        words.setRelease(records + index, marked); // SYNC(ring.publish)
    }
}
