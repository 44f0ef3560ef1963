package org.isthmus.node.shm;

/**
 * Layout of a single-producer single-consumer ring of records in the node segment.
 *
 * <pre>
 *   0    consumed u64   consumer, release: bytes consumed so far, SYNC(ring.credit)
 *   8    granted  u64   consumer, release: bytes of eager messages that left the unexpected store, SYNC(ring.grant)
 *  64    published u64  only in variants with a published index; producer, release: SYNC(ring.index)
 *  64 or 128            records up to the ring's end: written by the producer (and zeroed by the consumer: FastForward)
 * </pre>
 *
 * The two words of the first line share it because one side writes them, rarely.
 */
public final class RingDescriptor {
    public static final long CONSUMED_OFFSET = 0;
    public static final long GRANTED_OFFSET = 8;
    public static final long PUBLISHED_OFFSET = 64;
    /** Where records begin in a ring without a published index. */
    public static final long RECORDS_OFFSET = 64;
    /** Where records begin behind a published index. */
    public static final long INDEXED_RECORDS_OFFSET = 128;
    /** Smallest ring. */
    public static final int MIN_BYTES = 4096;

    private RingDescriptor() {}

    /** How many bytes the consumer reads, at least, before it tells the producer. */
    public static int creditBatch(int capacity) {
        return capacity / 4;
    }
}
