package org.isthmus.node.shm;

import java.lang.foreign.MemorySegment;
import org.isthmus.allocator.segment.SharedWords;

/**
 * The receiving end of a ring: look at the next record, then step over it.
 *
 * <p>Assumptions: one thread of one process uses it. Guarantees: a record seen by {@link #next} is complete and stays
 * until {@link #advance}. Every length and index read from the ring is checked against the ring's own size before use;
 * a bad one is a {@link CorruptRecordException}. Progress: wait-free.
 */
public abstract class RingConsumer {
    /** Answer of {@link #next}: nothing is there. */
    public static final long EMPTY = 0;

    protected final SharedWords words;
    /** Offset of the ring's first control line. */
    protected final long ring;
    /** Offset of the first record. */
    protected final long records;
    /** Bytes of records. */
    protected final int capacity;
    private Runnable onRoom = () -> { };
    private long granted;
    private long grantedPublished;

    /**
     * @param ring offset of the ring that the producer created
     * @param recordsOffset where in the ring its records begin
     */
    protected RingConsumer(MemorySegment memory, long ring, int ringBytes, int recordsOffset) {
        this.words = new SharedWords(memory);
        this.ring = ring;
        this.records = ring + recordsOffset;
        this.capacity = Math.max(0, ringBytes - recordsOffset);
    }

    /** Header word of the next record, or {@link #EMPTY}; the same again until {@link #advance}. */
    public abstract long next();

    /** Where the payload of the record of the last {@link #next} begins. */
    public abstract long payload();

    /** Steps over the record whose header is {@code header}; its bytes may be overwritten from now on. */
    public abstract void advance(long header);

    /** Sets what is done, each time, after the producer was given back room, or was granted bytes. */
    public final void onRoom(Runnable action) {
        onRoom = action;
    }

    /** To be called after each store that gives back room which a producer may wait for. */
    protected final void tellRoom() {
        onRoom.run();
    }

    /**
     * Notes that {@code bytes} of eager messages have been passed on to the user; tells the producer in batches of
     * {@code batch}.
     */
    public final void grant(long bytes, long batch) {
        granted += bytes;
        if (granted - grantedPublished >= batch) {
            grantedPublished = granted;
            words.setRelease(ring + RingDescriptor.GRANTED_OFFSET, granted); // SYNC(ring.grant)
            tellRoom();
        }
    }

    protected final CorruptRecordException corrupt(long header, long index) {
        return new CorruptRecordException("header " + Long.toHexString(header) + " at " + index
                + " is no record of a ring of " + capacity + " bytes");
    }
}
