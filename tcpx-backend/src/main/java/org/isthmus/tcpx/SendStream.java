package org.isthmus.tcpx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import org.isthmus.node.wire.FrameDescriptor;
import org.isthmus.node.wire.FrameFlyweight;

/**
 * The outgoing messages of a channel, in order, until the peer has acknowledged them: frames and the messages around
 * region transfers. They lie one after another in a ring, ready for the wire, so that one write takes many, and so that
 * they can be sent again over another socket.
 *
 * <p>Positions count bytes since the start and only rise; a message does not span the end of the ring, so before the
 * start there may be a gap. Invariants: (1) {@code head <= sent <= tail <= head + capacity}; (2) {@code sent} is at the
 * edge of a message whenever no write was cut short; (3) unacknowledged frame bytes never exceed the peer's credits.
 */
final class SendStream {
    static final int CAPACITY = 1 << 20;
    private static final int MAX_MESSAGES = CAPACITY / 64;

    private final ByteBuffer ring = ByteBuffer.allocateDirect(CAPACITY).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer view = ring.duplicate();
    private final FrameFlyweight header = new FrameFlyweight();
    private final long[] starts = new long[MAX_MESSAGES];
    private final long[] ends = new long[MAX_MESSAGES];
    private final int[] frameBytes = new int[MAX_MESSAGES];
    private long first = 1;
    private long next = 1;
    private long head;
    private long sent;
    private long tail;
    private long gapStart = -1;
    private long gapEnd = -1;
    private long claimed = -1;
    private long frameBytesOut;
    private long credits = ReceiveStream.CREDITS;

    /** Room for a message; its body's index in {@link #ring}, or -1. {@link #commit} must follow. */
    int claim(byte type, int length) {
        int total = FrameDescriptor.HEADER_BYTES + length;
        int toEnd = CAPACITY - index(tail);
        long start = total > toEnd ? tail + toEnd : tail;
        if (start + total - head > CAPACITY || next - first == MAX_MESSAGES
                || type == FrameDescriptor.TYPE_FRAME && frameBytesOut + length > credits) {
            return -1;
        }
        claimed = start;
        return index(start) + FrameDescriptor.HEADER_BYTES;
    }

    ByteBuffer ring() {
        return ring;
    }

    /** Appends the claimed message; its header says what is acknowledged now. */
    void commit(byte type, int length, long acknowledged, int ownCredits) {
        if (claimed != tail) {
            gapStart = tail;
            gapEnd = claimed;
        }
        header.wrap(ring, index(claimed)).fill(type, length, next).seal(acknowledged, ownCredits);
        int slot = slot(next);
        starts[slot] = claimed;
        ends[slot] = claimed + FrameDescriptor.HEADER_BYTES + length;
        frameBytes[slot] = type == FrameDescriptor.TYPE_FRAME ? length : 0;
        frameBytesOut += frameBytes[slot];
        tail = ends[slot];
        next++;
    }

    /** End of the last message. */
    long tail() {
        return tail;
    }

    boolean hasUnsent() {
        return sent < tail;
    }

    /** Whether something before {@code barrier} is unsent. */
    boolean hasUnsentBefore(long barrier) {
        return sent < barrier;
    }

    boolean isAcknowledged() {
        return first == next;
    }

    /** Number of the last message. */
    long last() {
        return next - 1;
    }

    /** Writes up to {@code barrier}, the end of a message; false if the socket takes no more now. */
    boolean write(WritableByteChannel socket, long barrier) throws IOException {
        while (sent < barrier) {
            if (sent == gapStart) {
                sent = gapEnd;
                continue;
            }
            long end = gapStart > sent ? Math.min(gapStart, barrier) : barrier;
            int at = index(sent);
            int length = (int) Math.min(end - sent, CAPACITY - at);
            int written = socket.write(view.limit(at + length).position(at));
            sent += written;
            if (written < length) {
                return false;
            }
        }
        return true;
    }

    /** Begins again with the first message that is not acknowledged, on another socket. */
    void rewind() {
        sent = first == next ? tail : starts[slot(first)];
    }

    /** Frees what the peer has; {@code number} was checked to be at most {@link #last}. Stale news change nothing. */
    void acknowledge(long number, int newCredits) {
        if (number < first - 1) {
            return;
        }
        long upTo = number;
        if (number >= first && ends[slot(number)] > sent) {
            upTo = edgeBeforeUnsent(number);
        }
        for (; first <= upTo; first++) {
            frameBytesOut -= frameBytes[slot(first)];
            head = ends[slot(first)];
            credits = 0;
        }
        sent = Math.max(sent, head);
        if (head >= gapEnd) {
            gapStart = -1;
            gapEnd = -1;
        }
        if (upTo == number) {
            credits = Math.max(credits, newCredits);
        } else {
            credits = Math.max(credits, frameBytesOut);
        }
    }

    /**
     * After a rewind the peer may acknowledge what is not sent again yet. A message that is half out must be completed,
     * so it and what follows stay; if none is half out, all can go.
     */
    private long edgeBeforeUnsent(long number) {
        for (long message = first; message <= number; message++) {
            if (starts[slot(message)] < sent && sent < ends[slot(message)]) {
                return message - 1;
            }
        }
        return number;
    }

    private static int index(long position) {
        return (int) (position % CAPACITY);
    }

    private static int slot(long number) {
        return (int) (number % MAX_MESSAGES);
    }
}
