package org.isthmus.tcpx;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.wire.FrameDescriptor;

/**
 * The incoming messages of a channel: which number is next, what the peer was told of it, and the frames that the owner
 * does not take yet. Those wait in a ring of {@link #CREDITS} bytes and more; the credits in our headers are the bytes
 * still free of these, so the peer never sends more than fits, and everything but frames passes.
 */
final class ReceiveStream {
    static final int CREDITS = FrameDescriptor.MAX_CREDITS;
    private static final int ACKNOWLEDGE_BYTES = SendStream.CAPACITY / 4;
    /** Frames do not span the end, so some of it may stay empty. */
    private static final int CAPACITY = 2 * CREDITS;

    private final ArrayDeque<Long> heldFrames = new ArrayDeque<>();
    private MemorySegment held;
    private ByteBuffer heldView;
    private int heldTail;
    private int heldBytes;
    private long received;
    private long bytesUntold;
    private long toldReceived;
    private int toldCredits = CREDITS;

    /** Number of the last message that has arrived. */
    long received() {
        return received;
    }

    int credits() {
        return CREDITS - heldBytes;
    }

    boolean isHolding() {
        return !heldFrames.isEmpty();
    }

    /**
     * Whether the message is new; false for one that came before. Negative news are the caller's: a gap is an error.
     */
    boolean isDuplicate(long number) {
        return number <= received;
    }

    boolean isNext(long number) {
        return number == received + 1;
    }

    /** The next message, of so many bytes, is here. */
    void advance(int bytes) {
        received++;
        bytesUntold += bytes;
    }

    /** A header of ours tells the peer how far we are. */
    void told() {
        toldReceived = received;
        toldCredits = credits();
        bytesUntold = 0;
    }

    /** A message came twice: the peer does not know how far we are. */
    void repeat() {
        bytesUntold += ACKNOWLEDGE_BYTES;
    }

    boolean hasUntold() {
        return toldReceived < received;
    }

    /** Whether the peer may soon wait for news from us. */
    boolean mustTell() {
        return bytesUntold >= ACKNOWLEDGE_BYTES || credits() - toldCredits > CREDITS / 4
                || credits() == CREDITS && toldCredits < CREDITS;
    }

    /** Gives the frame to the owner, or keeps it; false if it would not fit, which no correct peer makes happen. */
    boolean deliver(Channel channel, ChannelHandler handler, MemorySegment memory, int offset, int length) {
        if (heldFrames.isEmpty() && handler.onFrame(channel, memory, offset, length)) {
            return true;
        }
        if (heldBytes + length > CREDITS) {
            return false;
        }
        if (held == null) {
            heldView = ByteBuffer.allocateDirect(CAPACITY);
            held = MemorySegment.ofBuffer(heldView);
        }
        if (heldTail + length > CAPACITY) {
            heldTail = 0;
        }
        MemorySegment.copy(memory, offset, held, heldTail, length);
        heldFrames.add((long) heldTail << 32 | length);
        heldTail += length;
        heldBytes += length;
        return true;
    }

    /** Offers held frames again; how many were taken. */
    int deliverHeld(Channel channel, ChannelHandler handler, int limit) {
        int done = 0;
        while (done < limit && !heldFrames.isEmpty()) {
            long frame = heldFrames.peek();
            if (!handler.onFrame(channel, held, frame >>> 32, (int) frame)) {
                break;
            }
            heldFrames.remove();
            heldBytes -= (int) frame;
            done++;
        }
        return done;
    }
}
