package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.shm.RingDescriptor;

/** FastForward: a record is there when its header word is not 0; the first words of its lines are zeroed once read. */
final class FastForwardConsumer extends RingConsumer {
    private static final int LINE = FastForwardProducer.LINE;

    private final int roomBatch;
    private int index;
    private int sinceTold;

    private FastForwardConsumer(MemorySegment memory, long ring, int ringBytes) {
        super(memory, ring, ringBytes, (int) RingDescriptor.RECORDS_OFFSET);
        this.roomBatch = RingDescriptor.creditBatch(capacity);
    }

    static RingConsumer of(MemorySegment memory, long ring, int ringBytes) {
        return new FastForwardConsumer(memory, ring, ringBytes);
    }

    @Override
    public long next() {
        // SYNC(ring.publish): the payload is read after
        long header = words.getAcquire(records + index);
        if (RecordDescriptor.kind(header) == RecordDescriptor.KIND_PADDING) {
            header = nextAtStart();
        }
        if (index + RecordDescriptor.recordBytes(RecordDescriptor.payloadBytes(header)) > capacity) {
            throw corrupt(header, index);
        }
        return header;
    }

    @Override
    public long payload() {
        return records + index + RecordDescriptor.HEADER_BYTES;
    }

    @Override
    public void advance(long header) {
        int at = index;
        int bytes = FastForwardProducer.lines(RecordDescriptor.payloadBytes(header)) * LINE;
        for (int line = LINE; line < bytes; line += LINE) {
            words.set(records + at + line, 0L);
        }
        index = at + bytes == capacity ? 0 : at + bytes;
        words.setRelease(records + at, 0L); // SYNC(ring.line): our reads come before the producer's overwriting
        sinceTold += bytes;
        if (sinceTold >= roomBatch) {
            sinceTold = 0;
            tellRoom();
        }
    }

    private long nextAtStart() {
        int padding = index;
        index = 0;
        words.setRelease(records + padding, 0L); // SYNC(ring.line)
        long header = words.getAcquire(records); // SYNC(ring.publish)
        if (RecordDescriptor.kind(header) == RecordDescriptor.KIND_PADDING) {
            throw corrupt(header, 0);
        }
        return header;
    }
}
