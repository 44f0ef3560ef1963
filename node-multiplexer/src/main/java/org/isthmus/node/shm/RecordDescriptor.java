package org.isthmus.node.shm;

/**
 * One record of a ring or mailbox: an 8-byte header word, then the payload, padded to 8 bytes.
 *
 * <pre>
 *   63                                32 31            16 15    12 11           0
 *  +------------------------------------+----------------+--------+--------------+
 *  | tag                                | context        | kind   | payload bytes|
 *  +------------------------------------+----------------+--------+--------------+
 *  | payload ...                                                                 |
 *  +-----------------------------------------------------------------------------+
 * </pre>
 *
 * A header word is never 0, because kinds start at 1: 0 means "not written yet". In a ring the header word is the
 * publication: the producer writes it last, with release, SYNC(ring.publish). In records that belong to a transfer
 * rather than to matching, tag and context carry that transfer's ids.
 *
 * <p>Tags of records in rings are at least 0: bit 63 belongs to the ring, which may keep the generation of the place
 * there.
 */
public final class RecordDescriptor {
    public static final int HEADER_BYTES = 8;
    public static final int ALIGNMENT = 8;
    /** Largest payload of a record. */
    public static final int MAX_PAYLOAD = 0xfff;
    /** Largest kind, context and tag. */
    public static final int MAX_KIND = 0xf;

    public static final int MAX_CONTEXT = 0xffff;

    /** Kind reserved for the rings: skip to the start. */
    public static final int KIND_PADDING = 0xf;
    /** Kind reserved for the endpoint: the sender's ring to this rank, created at the offset in the payload. */
    public static final int KIND_RING_CREATED = 0xe;

    /** Kind reserved for the multiplexers: the job has failed, as the payload says. */
    public static final int KIND_JOB_FAILED = 0xd;

    /**
     * Kind reserved for the multiplexers: bytes for a rank have reached it. With a context other than 0 a record of
     * one-sided operations, between a rank and its multiplexer too.
     */
    public static final int KIND_CREDIT = 0xc;

    private RecordDescriptor() {}

    public static long header(int kind, int context, int tag, int payloadBytes) {
        return (long) tag << 32 | (long) context << 16 | (long) kind << 12 | payloadBytes;
    }

    public static int payloadBytes(long header) {
        return (int) header & MAX_PAYLOAD;
    }

    public static int kind(long header) {
        return (int) header >>> 12 & MAX_KIND;
    }

    public static int context(long header) {
        return (int) header >>> 16;
    }

    public static int tag(long header) {
        return (int) (header >>> 32);
    }

    /** Bytes that a record with that payload takes in a ring. */
    public static int recordBytes(int payloadBytes) {
        return HEADER_BYTES + payloadBytes + (ALIGNMENT - 1) & -ALIGNMENT;
    }
}
