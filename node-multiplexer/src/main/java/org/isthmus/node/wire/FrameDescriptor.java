package org.isthmus.node.wire;

/**
 * The header of every frame between two nodes, 32 bytes, little-endian, then {@code length} bytes of body.
 *
 * <pre>
 *   0        2        3        4                 8
 *  +--------+--------+--------+-----------------+
 *  | magic  | version| type   | body length     |
 *  +--------+--------+--------+-----------------+
 *  | sequence                                   |  8
 *  +--------------------------------------------+
 *  | acknowledged sequence                      | 16
 *  +--------------------------+-----------------+
 *  | credits                  | checksum        | 24, 28
 *  +--------------------------+-----------------+
 * </pre>
 *
 * <ul>
 * <li>sequence: number of this frame among those of its kind on the link; no two have the same, a resent one keeps its
 *     own
 * <li>acknowledged sequence: all frames of the other direction up to this number have arrived and need no resending
 * <li>credits: how many more the sender of this header can take; what of depends on the type
 * <li>checksum: CRC-32C of the 28 bytes before it
 * </ul>
 */
public final class FrameDescriptor {
    public static final int MAGIC_OFFSET = 0;
    public static final int VERSION_OFFSET = 2;
    public static final int TYPE_OFFSET = 3;
    public static final int LENGTH_OFFSET = 4;
    public static final int SEQUENCE_OFFSET = 8;
    public static final int ACKNOWLEDGED_OFFSET = 16;
    public static final int CREDITS_OFFSET = 24;
    public static final int CHECKSUM_OFFSET = 28;
    public static final int HEADER_BYTES = 32;

    public static final short MAGIC = 0x5349;
    /** Version of all that crosses the wire, hello included. */
    public static final byte VERSION = 1;

    /** Body: records. */
    public static final byte TYPE_FRAME = 1;
    /** Body: a piece of a region transfer. */
    public static final byte TYPE_CHUNK = 2;
    /** Body: a place for a region transfer, the ready-to-receive credit. */
    public static final byte TYPE_PLACE = 3;
    /** Body: the number of a region transfer that has arrived whole. */
    public static final byte TYPE_ARRIVED = 4;
    /** No body: acknowledges, and shows that the sender lives. */
    public static final byte TYPE_ACKNOWLEDGE = 5;
    /** No body: the sender closes the link in order, nothing follows. */
    public static final byte TYPE_GOODBYE = 6;
    /** Body: why the sender fails the link. */
    public static final byte TYPE_FAILURE = 7;
    /** Body: a connection of another kind than this one, which the receiver of this message may send through. */
    public static final byte TYPE_LANE = 8;
    public static final byte MAX_TYPE = TYPE_LANE;

    /** Most credits of a header. */
    public static final int MAX_CREDITS = 1 << 20;

    private FrameDescriptor() {}
}
