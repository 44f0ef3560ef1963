package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import org.isthmus.node.shm.RingDescriptor;
import org.isthmus.node.shm.RingProducer;

/**
 * Adaptive generation, as the notes have it: the first record after a flush carries the generation of its place
 * ({@link LapMark}) and is visible at once; those behind it do not, and {@link #flush} makes them visible by storing
 * the published index, if anything was sent.
 */
final class AdaptiveProducer extends CreditedProducer {
    private long lap = LapMark.FIRST;
    private long published;

    private AdaptiveProducer(MemorySegment memory, long ring, int ringBytes) {
        super(memory, ring, ringBytes, RingDescriptor.INDEXED_RECORDS_OFFSET);
    }

    static RingProducer of(MemorySegment memory, long ring, int ringBytes) {
        return new AdaptiveProducer(memory, ring, ringBytes);
    }

    @Override
    public void publish(long header) {
        int at = index;
        int next = at + claimedBytes;
        long current = lap;
        if (next == capacity) {
            next = 0;
            lap = LapMark.next(current);
        }
        LapMark.clear(words, records + next, lap);
        write(at, header, current);
        index = next;
        position += claimedBytes;
    }

    @Override
    public void flush() {
        if (published != position) {
            published = position;
            // SYNC(ring.index): the records up to there are complete
            words.setRelease(ring + RingDescriptor.PUBLISHED_OFFSET, position);
        }
    }

    @Override
    void writePadding() {
        long current = lap;
        lap = LapMark.next(current);
        LapMark.clear(words, records, lap);
        write(index, PADDING, current);
    }

    private void write(int at, long header, long current) {
        if (published == position) {
            words.setRelease(records + at, header ^ current); // SYNC(ring.publish)
        } else {
            words.set(records + at, header ^ LapMark.next(current));
        }
    }
}
