package org.isthmus.rdma.backend;

import org.isthmus.node.wire.FrameDescriptor;

/**
 * What crosses a queue pair after the hello. Messages are sends of one header of {@link FrameDescriptor} and a body;
 * the header's acknowledged sequence counts the frames that its sender has taken, its credits are how many frames may
 * be out beyond that. Bodies:
 *
 * <pre>
 *  PLACE    number 8 | bytes 8 | address 8 | key 4
 *  ARRIVED  first on every queue pair, without a number: messages received 8 | transfers arrived 8 | listening address
 *  GOODBYE  nothing; or one byte: the queue pair goes to sleep, the channel stays
 *  FAILURE  cause 1 | text
 * </pre>
 *
 * A region is written by pieces of {@link #FRAGMENT_BYTES}; the last one is a write with immediate data: the low bits
 * of the transfer's number, then how many pieces came before it.
 */
final class RdmaDescriptor {
    static final int BUFFER_BYTES = 32 << 10;
    static final int MAX_FRAME = BUFFER_BYTES - FrameDescriptor.HEADER_BYTES;
    /** Frames that may be out at a receiver. */
    static final int CREDITS = 40;

    static final int PLACE_NUMBER_OFFSET = 0;
    static final int PLACE_LENGTH_OFFSET = 8;
    static final int PLACE_ADDRESS_OFFSET = 16;
    static final int PLACE_KEY_OFFSET = 24;
    static final int PLACE_BYTES = 28;

    static final int RESUME_RECEIVED_OFFSET = 0;
    static final int RESUME_ARRIVED_OFFSET = 8;
    static final int RESUME_ADDRESS_OFFSET = 16;

    static final int SLEEP_BYTES = 1;
    static final int MAX_FAILURE_BYTES = 200;

    static final int FRAGMENT_BYTES = 256 << 10;
    private static final int PIECES_BITS = 22;
    /** Most bytes of a region transfer. */
    static final long MAX_REGION = (long) FRAGMENT_BYTES << PIECES_BITS - 1;

    private RdmaDescriptor() {}

    static int immediate(long number, int piecesBefore) {
        return (int) (number << PIECES_BITS) | piecesBefore;
    }

    /** Whether the immediate data is of that transfer. */
    static boolean isOf(int immediate, long number) {
        return immediate >>> PIECES_BITS == (int) (number << PIECES_BITS) >>> PIECES_BITS;
    }

    static int piecesBefore(int immediate) {
        return immediate & (1 << PIECES_BITS) - 1;
    }
}
