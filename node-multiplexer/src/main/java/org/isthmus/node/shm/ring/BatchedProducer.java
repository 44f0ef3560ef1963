package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import org.isthmus.node.shm.RingDescriptor;
import org.isthmus.node.shm.RingProducer;

/**
 * Published index: records are plain stores, and {@link #flush} (or each publish, if {@code immediate}) stores how far
 * they go, on a line of its own. L. Lamport, "Specifying concurrent program modules", TOPLAS 5(2), 1983.
 */
final class BatchedProducer extends CreditedProducer {
    private final boolean immediate;
    private long published;

    private BatchedProducer(MemorySegment memory, long ring, int ringBytes, boolean immediate) {
        super(memory, ring, ringBytes, RingDescriptor.INDEXED_RECORDS_OFFSET);
        this.immediate = immediate;
    }

    static RingProducer batched(MemorySegment memory, long ring, int ringBytes) {
        return new BatchedProducer(memory, ring, ringBytes, false);
    }

    static RingProducer immediate(MemorySegment memory, long ring, int ringBytes) {
        return new BatchedProducer(memory, ring, ringBytes, true);
    }

    @Override
    public void publish(long header) {
        words.set(records + index, header);
        int next = index + claimedBytes;
        index = next == capacity ? 0 : next;
        position += claimedBytes;
        if (immediate) {
            flush();
        }
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
        words.set(records + index, PADDING);
    }
}
