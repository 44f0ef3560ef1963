package org.isthmus.tcpx;

/**
 * Chunks of region transfers and the two messages around them. The sequence number in the header of a chunk is its
 * unique number: the number of its request, then the index of the chunk in it. It is followed by
 *
 * <pre>
 *   0                8
 *  +----------------+----------------+
 *  | offset         | total bytes    |  then the bytes
 *  +----------------+----------------+
 * </pre>
 *
 * A place's body is {@code request 8 | bytes 8}; the body of an arrival is {@code request 8}: all requests up to
 * this one.
 */
final class ChunkDescriptor {
    static final int OFFSET_OFFSET = 0;
    static final int TOTAL_OFFSET = 8;
    static final int PREFIX_BYTES = 16;

    static final int PLACE_REQUEST_OFFSET = 0;
    static final int PLACE_LENGTH_OFFSET = 8;
    static final int PLACE_BYTES = 16;

    static final int ARRIVED_REQUEST_OFFSET = 0;
    static final int ARRIVED_BYTES = 8;

    /** Body of a failure: cause 1, then text. */
    static final int MAX_FAILURE_BYTES = 1024;

    private static final int INDEX_BITS = 12;
    /** Most chunks of one request. */
    static final int MAX_CHUNKS = 1 << INDEX_BITS;
    static final long MAX_REQUEST = Long.MAX_VALUE >> INDEX_BITS;

    private ChunkDescriptor() {}

    static long number(long request, int index) {
        return request << INDEX_BITS | index;
    }

    static long request(long number) {
        return number >>> INDEX_BITS;
    }

    static int index(long number) {
        return (int) number & MAX_CHUNKS - 1;
    }
}
