package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.shm.RingDescriptor;

/** Validity flag: the header word, not 0, says that the record is there. */
final class ValidityConsumer extends CreditedConsumer {
    private ValidityConsumer(MemorySegment memory, long ring, int ringBytes) {
        super(memory, ring, ringBytes, RingDescriptor.RECORDS_OFFSET);
    }

    static RingConsumer of(MemorySegment memory, long ring, int ringBytes) {
        return new ValidityConsumer(memory, ring, ringBytes);
    }

    @Override
    public long next() {
        // SYNC(ring.publish): the payload is read after
        long header = words.getAcquire(records + index);
        if (RecordDescriptor.kind(header) == RecordDescriptor.KIND_PADDING) {
            header = nextAtStart();
        }
        return checked(header);
    }

    @Override
    public void advance(long header) {
        step(header);
    }

    private long nextAtStart() {
        skipToStart();
        long header = words.getAcquire(records); // SYNC(ring.publish)
        if (RecordDescriptor.kind(header) == RecordDescriptor.KIND_PADDING) {
            throw corrupt(header, 0);
        }
        return header;
    }
}
