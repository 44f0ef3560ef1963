package org.isthmus.node.shm;

import java.lang.foreign.MemorySegment;
import org.isthmus.allocator.segment.SharedWords;

/**
 * The sending end of a ring: claim space, write the payload, publish, flush. How a record becomes visible is the matter
 * of the variant ({@code org.isthmus.node.shm.ring.RingVariant}); a job uses one, so that calls here have one target.
 *
 * <p>Assumptions (callers must): one thread of one process uses it; each successful claim is followed by its publish
 * before the next claim; after the last publish of a batch comes a {@link #flush}. Guarantees (we give): records appear
 * whole and in order; a producer killed at any instruction leaves the ring ending at a record that it had published.
 * Progress: wait-free.
 */
public abstract class RingProducer {
    /** Answer of {@link #claim}: no room until the consumer has read on; what was published is flushed. */
    public static final long BACK_PRESSURED = -1;

    protected final SharedWords words;
    /** Offset of the ring's first control line. */
    protected final long ring;
    /** Offset of the first record. */
    protected final long records;
    /** Bytes of records. */
    protected final int capacity;

    /**
     * @param ring offset of a zeroed ring of {@code ringBytes}
     * @param recordsOffset where in the ring its records begin
     */
    protected RingProducer(MemorySegment memory, long ring, int ringBytes, int recordsOffset) {
        this.words = new SharedWords(memory);
        this.ring = ring;
        this.records = ring + recordsOffset;
        this.capacity = Math.max(0, ringBytes - recordsOffset);
    }

    /**
     * Makes room for a record.
     *
     * @return the offset in the segment where the payload goes, or {@link #BACK_PRESSURED}
     */
    public abstract long claim(int payloadBytes);

    /** The claimed record is complete: visible now, or with the next {@link #flush}. {@code header} is above 0. */
    public abstract void publish(long header);

    /** Makes all published records visible; nothing to do where they are already. */
    public abstract void flush();

    /** Bytes of eager messages that the consumer has passed on to its user. SYNC(ring.grant). */
    public final long grantedAcquire() {
        return words.getAcquire(ring + RingDescriptor.GRANTED_OFFSET);
    }
}
