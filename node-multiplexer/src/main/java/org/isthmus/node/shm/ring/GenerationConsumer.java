package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.shm.RingDescriptor;

/** Generation only: the header word of this lap says that the record is there. */
final class GenerationConsumer extends CreditedConsumer {
    private long lap = LapMark.FIRST;

    private GenerationConsumer(MemorySegment memory, long ring, int ringBytes) {
        super(memory, ring, ringBytes, RingDescriptor.RECORDS_OFFSET);
    }

    static RingConsumer of(MemorySegment memory, long ring, int ringBytes) {
        return new GenerationConsumer(memory, ring, ringBytes);
    }

    @Override
    public long next() {
        // SYNC(ring.publish): the payload is read after
        long header = LapMark.header(words.getAcquire(records + index), lap);
        if (RecordDescriptor.kind(header) == RecordDescriptor.KIND_PADDING) {
            header = nextAtStart();
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

    private long nextAtStart() {
        skipToStart();
        lap = LapMark.next(lap);
        long header = LapMark.header(words.getAcquire(records), lap); // SYNC(ring.publish)
        if (RecordDescriptor.kind(header) == RecordDescriptor.KIND_PADDING) {
            throw corrupt(header, 0);
        }
        return header;
    }
}
