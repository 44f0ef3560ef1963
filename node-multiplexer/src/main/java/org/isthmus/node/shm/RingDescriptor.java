package org.isthmus.node.shm;

/**
 * Layout of a single-producer single-consumer ring of records in the node segment.
 *
 * <pre>
 *   0    consumed u64   consumer, release: bytes consumed so far, SYNC(ring.credit)
 *   8    granted  u64   consumer, release: bytes of eager messages that left the unexpected store, SYNC(ring.grant)
 *  64    records (size - 64 bytes): header words written by the producer alone
 * </pre>
 *
 * Both control words share a line because one side writes them, rarely.
 */
public final class RingDescriptor {
    public static final long CONSUMED_OFFSET = 0;
    public static final long GRANTED_OFFSET = 8;
    public static final long RECORDS_OFFSET = 64;
    /** Smallest ring that holds two of the largest records with their padding. */
    public static final int MIN_BYTES = 4096;

    private RingDescriptor() {}

    /** Bytes of records in a ring of {@code ringBytes}. */
    public static int capacity(int ringBytes) {
        return ringBytes - (int) RECORDS_OFFSET;
    }
}
