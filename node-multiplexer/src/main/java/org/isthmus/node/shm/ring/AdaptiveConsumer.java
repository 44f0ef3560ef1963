package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.shm.RingDescriptor;

/**
 * Adaptive generation: three steps decide whether a record is there. (1) Below the known published index: yes. (2) The
 * header word is of this lap: yes. (3) Load the published index.
 */
final class AdaptiveConsumer extends CreditedConsumer {
    private final PublishedIndex published;
    private long lap = LapMark.FIRST;

    private AdaptiveConsumer(MemorySegment memory, long ring, int ringBytes) {
        super(memory, ring, ringBytes, RingDescriptor.INDEXED_RECORDS_OFFSET);
        this.published = new PublishedIndex(words, ring, capacity);
    }

    static RingConsumer of(MemorySegment memory, long ring, int ringBytes) {
        return new AdaptiveConsumer(memory, ring, ringBytes);
    }

    @Override
    public long next() {
        long header = look();
        if (RecordDescriptor.kind(header) == RecordDescriptor.KIND_PADDING) {
            skipToStart();
            lap = LapMark.next(lap);
            header = look();
            if (RecordDescriptor.kind(header) == RecordDescriptor.KIND_PADDING) {
                throw corrupt(header, 0);
            }
        }
        return checked(header);
    }

    @Override
    public void advance(long header) {
        step(header);
        if (index == 0) {
            lap = LapMark.next(lap);
        }
    }

    private long look() {
        if (position < published.known()) {
            return published();
        }
        // SYNC(ring.publish): the payload is read after
        long header = LapMark.header(words.getAcquire(records + index), lap);
        if (header != EMPTY) {
            return header;
        }
        return published.load(position) ? published() : EMPTY;
    }

    private long published() {
        long header = words.get(records + index) & Long.MAX_VALUE;
        if (header == EMPTY) {
            throw corrupt(header, index);
        }
        return header;
    }
}
