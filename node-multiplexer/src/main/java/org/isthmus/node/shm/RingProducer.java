package org.isthmus.node.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The sending end of a ring: claim space, write the payload, publish.
 *
 * <p>Assumptions (callers must): one thread of one process uses it; each claim is followed by its publish before the
 * next claim. Guarantees (we give): records appear whole and in order; a producer killed at any instruction leaves the
 * ring ending at its last published record. Progress: wait-free.
 *
 * <p>Invariants: (1) the word after the last published record is 0; (2) records never span the end;
 * (3) {@code position - consumed <= capacity - 8}. The word after the next record is zeroed ahead, as soon as this one is
 * out, on the guess that both have one size: so fetching the next cache line is seldom part of a message's way.
 */
public final class RingProducer {
    /** Answer of {@link #claim}: no room until the consumer has read on. */
    public static final long BACK_PRESSURED = -1;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private final MemorySegment memory;
    private final long ring;
    private final long records;
    private final int capacity;
    private int index;
    private long position;
    private long consumedCache;
    private int claimedBytes;
    /** A word of the ring beyond {@code index} that is 0; -1 if none is known. */
    private int zeroedAhead = -1;

    /** @param ring offset of a zeroed ring of {@code ringBytes} */
    public RingProducer(MemorySegment memory, long ring, int ringBytes) {
        this.memory = memory;
        this.ring = ring;
        this.records = ring + RingDescriptor.RECORDS_OFFSET;
        this.capacity = RingDescriptor.capacity(ringBytes);
    }

    /**
     * Makes room for a record.
     *
     * @return the offset in the segment where the payload goes, or {@link #BACK_PRESSURED}
     */
    public long claim(int payloadBytes) {
        int bytes = RecordDescriptor.recordBytes(payloadBytes);
        int toEnd = capacity - index;
        if (bytes > toEnd) {
            return claimAtStart(bytes, toEnd);
        }
        if (position + bytes + RecordDescriptor.HEADER_BYTES - consumedCache > capacity && !refreshCredit(bytes)) {
            return BACK_PRESSURED;
        }
        claimedBytes = bytes;
        return records + index + RecordDescriptor.HEADER_BYTES;
    }

    /** Makes the claimed record visible. {@code header} is never 0. */
    public void publish(long header) {
        int at = index;
        int next = at + claimedBytes;
        if (next == capacity) {
            next = 0;
        }
        if (next != zeroedAhead) {
            LONG.set(memory, records + next, 0L); // inv. 1
        }
        index = next;
        position += claimedBytes;
        LONG.setRelease(memory, records + at, header); // SYNC(ring.publish): payload and inv. 1 visible to the consumer
        zeroAhead(next + claimedBytes);
    }

    /** Bytes of eager messages that the consumer has passed on to its user. SYNC(ring.grant). */
    public long grantedAcquire() {
        return (long) LONG.getAcquire(memory, ring + RingDescriptor.GRANTED_OFFSET);
    }

    private long claimAtStart(int bytes, int toEnd) {
        if (position + toEnd + bytes + RecordDescriptor.HEADER_BYTES - consumedCache > capacity
                && !refreshCredit(toEnd + bytes)) {
            return BACK_PRESSURED;
        }
        LONG.set(memory, records, 0L); // inv. 1
        long padding = RecordDescriptor.header(RecordDescriptor.KIND_PADDING, 0, 0, 0);
        LONG.setRelease(memory, records + index, padding); // SYNC(ring.publish)
        index = 0;
        zeroedAhead = -1;
        position += toEnd;
        claimedBytes = bytes;
        return records + RecordDescriptor.HEADER_BYTES;
    }

    private void zeroAhead(int word) {
        if (word < capacity && position + claimedBytes + RecordDescriptor.HEADER_BYTES - consumedCache <= capacity) {
            LONG.set(memory, records + word, 0L);
            zeroedAhead = word;
        } else {
            zeroedAhead = -1;
        }
    }

    private boolean refreshCredit(int bytes) {
        // SYNC(ring.credit): the consumer's reads of that space come before our writes
        consumedCache = (long) LONG.getAcquire(memory, ring + RingDescriptor.CONSUMED_OFFSET);
        return position + bytes + RecordDescriptor.HEADER_BYTES - consumedCache <= capacity;
    }
}
