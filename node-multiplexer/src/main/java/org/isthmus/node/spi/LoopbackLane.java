package org.isthmus.node.spi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One direction of a loopback channel. Frames are copied into slots; regions are copied once, by the receiver, from
 * place to place. All counters only rise; every method holds the lane's monitor, so the two ends may be two threads.
 *
 * <p>Invariants: (1) {@code reported <= accepted} and {@code delivered <= accepted} for frames, and a slot is reused
 * only when both have passed it; (2) {@code regionsReported <= regionsDone <= min(regionsSent, regionsPlaced)}.
 */
final class LoopbackLane {
    static final int MAX_FRAME = 64 << 10;
    static final int FRAMES = 16;
    static final int SEND_WINDOW = 12;
    static final int RECEIVE_WINDOW = 16;

    /** One end of a region transfer. */
    private static final class Part {
        MemorySegment memory;
        long offset;
        long length;
        long context;

        void set(MemoryRegion region, long newOffset, long newLength, long newContext) {
            memory = region.memory();
            offset = newOffset;
            length = newLength;
            context = newContext;
        }
    }

    private final MemorySegment frames = Arena.ofAuto().allocate((long) MAX_FRAME * FRAMES, 64);
    private final int[] lengths = new int[FRAMES];
    private final long[] contexts = new long[FRAMES];
    private final Part[] sends = parts(SEND_WINDOW);
    private final Part[] places = parts(RECEIVE_WINDOW);
    private long accepted;
    private long delivered;
    private long reported;
    private long regionsSent;
    private long regionsPlaced;
    private long regionsDone;
    private long regionsReported;
    private boolean ended;

    synchronized int offerFrame(MemoryRegion region, long offset, int length, long context) {
        if (accepted - Math.min(delivered, reported) == FRAMES) {
            return Channel.BACK_PRESSURED;
        }
        int slot = (int) (accepted % FRAMES);
        MemorySegment.copy(region.memory(), offset, frames, (long) slot * MAX_FRAME, length);
        lengths[slot] = length;
        contexts[slot] = context;
        accepted++;
        return Channel.ACCEPTED;
    }

    synchronized int offerRegion(MemoryRegion region, long offset, long length, long context) {
        if (regionsSent - regionsReported == SEND_WINDOW) {
            return Channel.BACK_PRESSURED;
        }
        sends[(int) (regionsSent++ % SEND_WINDOW)].set(region, offset, length, context);
        return Channel.ACCEPTED;
    }

    synchronized int offerPlace(MemoryRegion region, long offset, long length, long context) {
        if (regionsPlaced - regionsDone == RECEIVE_WINDOW) {
            return Channel.BACK_PRESSURED;
        }
        places[(int) (regionsPlaced++ % RECEIVE_WINDOW)].set(region, offset, length, context);
        return Channel.ACCEPTED;
    }

    /** No more offers; what is in the lane can still be taken. */
    synchronized void end() {
        ended = true;
    }

    /** Whether it was ended and holds nothing more for the receiver. */
    synchronized boolean isDrained() {
        return ended && delivered == accepted && regionsDone == Math.min(regionsSent, regionsPlaced);
    }

    /** Lets the handler have the next frame; true if it took one. Called by the receiver. */
    boolean deliverFrame(Channel channel, ChannelHandler handler) {
        long offset;
        int length;
        synchronized (this) {
            if (delivered == accepted) {
                return false;
            }
            int slot = (int) (delivered % FRAMES);
            offset = (long) slot * MAX_FRAME;
            length = lengths[slot];
        }
        if (!handler.onFrame(channel, frames, offset, length)) {
            return false;
        }
        synchronized (this) {
            delivered++;
        }
        return true;
    }

    /** Does the next region transfer if both its ends are known; true if it did. Called by the receiver. */
    boolean deliverRegion(Channel channel, ChannelHandler handler) throws RegionTooLongException {
        long context;
        long length;
        synchronized (this) {
            if (regionsDone == Math.min(regionsSent, regionsPlaced)) {
                return false;
            }
            Part from = sends[(int) (regionsDone % SEND_WINDOW)];
            Part to = places[(int) (regionsDone % RECEIVE_WINDOW)];
            if (from.length > to.length) {
                throw new RegionTooLongException(regionsDone, from.length, to.length);
            }
            MemorySegment.copy(from.memory, from.offset, to.memory, to.offset, from.length);
            context = to.context;
            length = from.length;
            regionsDone++;
        }
        handler.onReceived(channel, context, length);
        return true;
    }

    /** Tells the handler of one completed send, frames first; true if there was one. Called by the sender. */
    boolean reportSent(Channel channel, ChannelHandler handler) {
        long context;
        synchronized (this) {
            if (reported < accepted) {
                context = contexts[(int) (reported++ % FRAMES)];
            } else if (regionsReported < regionsDone) {
                context = sends[(int) (regionsReported++ % SEND_WINDOW)].context;
            } else {
                return false;
            }
        }
        handler.onSent(channel, context);
        return true;
    }

    private static Part[] parts(int count) {
        Part[] parts = new Part[count];
        for (int i = 0; i < count; i++) {
            parts[i] = new Part();
        }
        return parts;
    }
}
