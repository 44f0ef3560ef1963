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
    /** Smallest ring. */
    public static final int MIN_BYTES = 4096;

    private RingDescriptor() {}

    /** Bytes of records in a ring of {@code ringBytes}. */
    public static int capacity(int ringBytes) {
        return ringBytes - (int) RECORDS_OFFSET;
    }

    /** How many bytes the consumer reads, at least, before it tells the producer. */
    static int creditBatch(int ringBytes) {
        return capacity(ringBytes) / 4;
    }

    /**
     * Largest payload that a producer with an idle consumer always finds room for, wherever in the ring it stands: a
     * record and the padding before it fit beside the bytes that the consumer has read without having told.
     */
    public static int maxPayload(int ringBytes) {
        int untold = creditBatch(ringBytes) - RecordDescriptor.ALIGNMENT;
        int record = (capacity(ringBytes) - untold) / 2 & -RecordDescriptor.ALIGNMENT;
        return Math.min(RecordDescriptor.MAX_PAYLOAD, record - RecordDescriptor.HEADER_BYTES);
    }
}
