package org.isthmus.node.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The receiving end of a ring: look at the next record, then step over it.
 *
 * <p>Assumptions: one thread of one process uses it. Guarantees: a record seen by {@link #next} is complete and stays
 * until {@link #advance}. Every length read from the ring is checked against the ring's own size before use; a bad one
 * is a {@link CorruptRecordException}. Progress: wait-free.
 */
public final class RingConsumer {
    /** Answer of {@link #next}: nothing is there. */
    public static final long EMPTY = 0;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private final MemorySegment memory;
    private final long ring;
    private final long records;
    private final int capacity;
    private final int creditBatch;
    private int index;
    private long position;
    private long consumedPublished;
    private long granted;
    private long grantedPublished;

    /** @param ring offset of the ring that the producer created */
    public RingConsumer(MemorySegment memory, long ring, int ringBytes) {
        this.memory = memory;
        this.ring = ring;
        this.records = ring + RingDescriptor.RECORDS_OFFSET;
        this.capacity = RingDescriptor.capacity(ringBytes);
        this.creditBatch = RingDescriptor.creditBatch(ringBytes);
    }

    /** Header word of the next record, or {@link #EMPTY}. */
    public long next() {
        // SYNC(ring.publish): the payload is read after
        long header = (long) LONG.getAcquire(memory, records + index);
        if (RecordDescriptor.kind(header) == RecordDescriptor.KIND_PADDING) {
            header = nextAtStart();
        }
        if (index + RecordDescriptor.recordBytes(RecordDescriptor.payloadBytes(header)) > capacity) {
            throw corrupt(header);
        }
        return header;
    }

    /** Where the payload of the record of the last {@link #next} begins. */
    public long payload() {
        return records + index + RecordDescriptor.HEADER_BYTES;
    }

    /** Steps over the record whose header is {@code header}; its bytes may be overwritten from now on. */
    public void advance(long header) {
        int bytes = RecordDescriptor.recordBytes(RecordDescriptor.payloadBytes(header));
        int next = index + bytes;
        index = next == capacity ? 0 : next;
        position += bytes;
        if (position - consumedPublished >= creditBatch) {
            publishCredit();
        }
    }

    /**
     * Notes that {@code bytes} of eager messages have been passed on to the user; tells the producer in batches of
     * {@code batch}.
     */
    public void grant(long bytes, long batch) {
        granted += bytes;
        if (granted - grantedPublished >= batch) {
            grantedPublished = granted;
            LONG.setRelease(memory, ring + RingDescriptor.GRANTED_OFFSET, granted); // SYNC(ring.grant)
        }
    }

    private CorruptRecordException corrupt(long header) {
        return new CorruptRecordException("header " + Long.toHexString(header) + " at " + index
                + " is no record of a ring of " + capacity + " bytes");
    }

    private long nextAtStart() {
        position += capacity - index;
        index = 0;
        publishCredit();
        long header = (long) LONG.getAcquire(memory, records); // SYNC(ring.publish)
        if (RecordDescriptor.kind(header) == RecordDescriptor.KIND_PADDING) {
            throw corrupt(header);
        }
        return header;
    }

    private void publishCredit() {
        consumedPublished = position;
        // SYNC(ring.credit): our reads come before the producer's overwriting
        LONG.setRelease(memory, ring + RingDescriptor.CONSUMED_OFFSET, position);
    }
}
