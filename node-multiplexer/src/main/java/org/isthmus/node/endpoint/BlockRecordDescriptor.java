package org.isthmus.node.endpoint;

/**
 * Payload of all records that name a block, between ranks, between a rank and its node's multiplexer, and between
 * multiplexers: after what {@link RemoteRecordDescriptor} puts before it, where it does.
 *
 * <pre>
 *   0  block     u64   handle of a block of this node; means nothing between multiplexers
 *   8  bytes     u64   of the message in it
 *  16  position  u64   of the first of them in the message, in records for a piece out of a message's middle
 * </pre>
 */
public final class BlockRecordDescriptor {
    public static final int BLOCK_OFFSET = 0;
    public static final int BYTES_OFFSET = 8;
    /** Length of a record that names no more than that. */
    public static final int BLOCK_BYTES = 16;
    public static final int POSITION_OFFSET = 16;
    /** Length of a record with a position. */
    public static final int PIECE_BYTES = 24;

    private BlockRecordDescriptor() {}
}
