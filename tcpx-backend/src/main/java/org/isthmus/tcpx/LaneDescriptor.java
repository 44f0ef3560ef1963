package org.isthmus.tcpx;

/**
 * A lane is a one-way connection of a plugin that carries chunks. Its receiver announces it by a message with the body
 *
 * <pre>
 *   0      4       8             12      16       24
 *  +------+-------+-------------+-------+--------+---------------------+
 *  | lane | lanes | chunk bytes | slots | token  | handle of the plugin|  128 bytes
 *  +------+-------+-------------+-------+--------+---------------------+
 * </pre>
 *
 * and each chunk on it begins with {@link #HEADER_BYTES}:
 *
 * <pre>
 *   0        8              16       24            32
 *  +--------+--------------+--------+-------------+--------+----------+
 *  | token  | chunk number | offset | total bytes | length | not used |  then the bytes
 *  +--------+--------------+--------+-------------+--------+----------+
 * </pre>
 *
 * The token is random, is told over the sockets alone, whose hello has proven the peer, and shows that the chunk is the
 * peer's: plugins let anybody connect.
 */
final class LaneDescriptor {
    static final int LANE_OFFSET = 0;
    static final int LANES_OFFSET = 4;
    static final int CHUNK_BYTES_OFFSET = 8;
    static final int SLOTS_OFFSET = 12;
    static final int TOKEN_OFFSET = 16;
    static final int HANDLE_OFFSET = 24;
    static final int BYTES = HANDLE_OFFSET + 128;

    static final int CHUNK_TOKEN_OFFSET = 0;
    static final int CHUNK_NUMBER_OFFSET = 8;
    static final int CHUNK_OFFSET_OFFSET = 16;
    static final int CHUNK_TOTAL_OFFSET = 24;
    static final int CHUNK_LENGTH_OFFSET = 32;
    /** A cache line, so that the bytes of a chunk stay aligned. */
    static final int HEADER_BYTES = 64;

    /** Most lanes of a channel in one direction. */
    static final int MAX_LANES = 16;
    /** Most requests that plugins take for a comm at a time. */
    static final int MAX_SLOTS = 16;

    private LaneDescriptor() {}
}
