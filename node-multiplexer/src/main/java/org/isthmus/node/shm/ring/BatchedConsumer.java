package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.shm.RingDescriptor;

/**
 * Published index: what lies below the known index is read without looking at shared words; beyond it the index is
 * loaded again. As {@code lamport}, the consumer's own index is written back at the end of each batch that it knows of,
 * else after a quarter of the ring.
 */
final class BatchedConsumer extends CreditedConsumer {
    private final PublishedIndex published;
    private final boolean lamport;

    private BatchedConsumer(MemorySegment memory, long ring, int ringBytes, boolean lamport) {
        super(memory, ring, ringBytes, RingDescriptor.INDEXED_RECORDS_OFFSET);
        this.published = new PublishedIndex(words, ring, capacity);
        this.lamport = lamport;
    }

    static RingConsumer batched(MemorySegment memory, long ring, int ringBytes) {
        return new BatchedConsumer(memory, ring, ringBytes, false);
    }

    static RingConsumer lamport(MemorySegment memory, long ring, int ringBytes) {
        return new BatchedConsumer(memory, ring, ringBytes, true);
    }

    @Override
    public long next() {
        if (position >= published.known() && !loadIndex()) {
            return EMPTY;
        }
        long header = words.get(records + index);
        if (RecordDescriptor.kind(header) == RecordDescriptor.KIND_PADDING) {
            skipToStart();
            if (position >= published.known() && !loadIndex()) {
                return EMPTY;
            }
            header = words.get(records);
        }
        int bytes = RecordDescriptor.recordBytes(RecordDescriptor.payloadBytes(header));
        if (header <= 0 || RecordDescriptor.kind(header) == RecordDescriptor.KIND_PADDING
                || position + bytes > published.known()) {
            throw corrupt(header, index);
        }
        return checked(header);
    }

    @Override
    public void advance(long header) {
        step(header);
    }

    private boolean loadIndex() {
        if (lamport && !isCreditTold()) {
            publishCredit();
        }
        return published.load(position);
    }
}
