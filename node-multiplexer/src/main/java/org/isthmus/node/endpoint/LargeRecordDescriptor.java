package org.isthmus.node.endpoint;

/**
 * Records of messages whose bytes go from segment to segment, between a rank and its node's multiplexer and between
 * multiplexers. The header's tag is the receive's id at the receiving rank, unless said otherwise; payloads follow what
 * {@link RemoteRecordDescriptor} puts before them.
 *
 * <pre>
 *  receiving rank -> its multiplexer -> ... -> sending rank      (tag: the send's id)
 *   CLEAR_TO_SEND  receive id u64 | limit u64 | landing i64      bytes up to limit may leave; landing: where in the
 *                                                                receiver's segment all bytes go, or
 *                                                                {@link #NO_LANDING}
 *  sending rank -> its multiplexer
 *   RANGE          offset u64 | bytes u64 | position u64 | send id i64 | piece bytes u64
 *                                                                bytes of the message that lie in the segment; the
 *                                                                id is {@link #NOT_LAST} but for the range that ends it
 *   PIECE          {@link BlockRecordDescriptor} with position   bytes of the message, packed into a block
 *  multiplexer -> multiplexer
 *   PIECE          the same                                      the channel's next region transfer has these bytes
 *  multiplexer -> receiving rank
 *   DATA           the same                                      a piece that came into a block
 *   ARRIVED        bytes u64                                     the whole message lies in its landing place
 *  multiplexer -> sending rank                                   (tag: the send's id)
 *   FINISHED       (empty)                                       the ranges of the message are no longer read
 * </pre>
 */
public final class LargeRecordDescriptor {
    public static final int KIND_DATA = RemoteRecordDescriptor.LAST_BLOCK_KIND;
    public static final int KIND_CLEAR_TO_SEND = 6;
    public static final int KIND_FINISHED = 7;
    public static final int KIND_RANGE = 0xa;
    public static final int KIND_PIECE = 0xb;
    public static final int KIND_ARRIVED = 8;

    public static final int CLEAR_RECEIVE_OFFSET = 0;
    public static final int CLEAR_LIMIT_OFFSET = 8;
    public static final int CLEAR_LANDING_OFFSET = 16;
    public static final int CLEAR_BYTES = 24;

    public static final int RANGE_OFFSET_OFFSET = 0;
    public static final int RANGE_BYTES_OFFSET = 8;
    public static final int RANGE_POSITION_OFFSET = 16;
    public static final int RANGE_SEND_OFFSET = 24;
    public static final int RANGE_PIECE_OFFSET = 32;
    public static final int RANGE_BYTES = 40;

    public static final int ARRIVED_BYTES = 8;

    /** Landing of a message that has to come in blocks. */
    public static final long NO_LANDING = -1;
    /** Send id of a range after which more of the message comes. */
    public static final long NOT_LAST = -1;
    /** Most bytes of a piece: what a block holds at any rate. */
    public static final int MAX_PIECE = 1 << 20;

    private LargeRecordDescriptor() {}
}
