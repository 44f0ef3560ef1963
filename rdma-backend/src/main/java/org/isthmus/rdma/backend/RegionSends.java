package org.isthmus.rdma.backend;

import java.util.Arrays;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.spi.RegionTooLongException;

/**
 * The region sends of a channel, in strict order: each is written into the peer's next place by pieces, of which a few
 * are under way at a time, so that a message never waits for more than these.
 *
 * <p>Invariants: (1) {@code reported <= arrived <= writing <= min(accepted, places)}; (2) {@code accepted - reported <=
 * window}.
 */
final class RegionSends {
    /** More places than any receiver has; bounds what we remember of them. */
    private static final int MAX_PLACES = 64;
    private static final int PIECES_UNDER_WAY = 4;

    private static final class Send {
        RdmaRegion region;
        long offset;
        long length;
        long context;
    }

    private final Send[] slots;
    private final long[] placeLengths = new long[MAX_PLACES];
    private final long[] placeAddresses = new long[MAX_PLACES];
    private final int[] placeKeys = new int[MAX_PLACES];
    private long accepted;
    private long places;
    private long writing;
    private long written;
    private long arrived;
    private long reported;
    private int underWay;

    RegionSends(int window) {
        slots = new Send[window];
        Arrays.setAll(slots, i -> new Send());
    }

    int offer(RdmaRegion region, long offset, long length, long context) {
        if (accepted - reported == slots.length) {
            return Channel.BACK_PRESSURED;
        }
        Send send = slot(accepted++);
        send.region = region;
        send.offset = offset;
        send.length = length;
        send.context = context;
        return Channel.ACCEPTED;
    }

    /** The peer has a place; false if the news are not what comes next. */
    boolean place(long number, long length, long address, int key) {
        if (number != places || number - arrived >= MAX_PLACES || length <= 0) {
            return false;
        }
        int at = (int) (places++ % MAX_PLACES);
        placeLengths[at] = length;
        placeAddresses[at] = address;
        placeKeys[at] = key;
        return true;
    }

    /** Whether something can be written. */
    boolean isWritable() {
        return writing < Math.min(accepted, places);
    }

    /** Whether some transfer has a place and has not arrived. */
    boolean isUnderWay() {
        return arrived < Math.min(accepted, places);
    }

    /** Posts pieces; how many. */
    int write(Link link) throws RegionTooLongException {
        int done = 0;
        while (isWritable() && underWay < PIECES_UNDER_WAY && link.hasRoom(2)) {
            Send send = slot(writing);
            int at = (int) (writing % MAX_PLACES);
            if (send.length > placeLengths[at]) {
                throw new RegionTooLongException(writing, send.length, placeLengths[at]);
            }
            int length = (int) Math.min(RdmaDescriptor.FRAGMENT_BYTES, send.length - written);
            boolean last = written + length == send.length;
            link.write(writing, last,
                    RdmaDescriptor.immediate(writing, (int) (written / RdmaDescriptor.FRAGMENT_BYTES)),
                    send.region.address(send.offset + written), length, send.region.localKey(),
                    placeAddresses[at] + written, placeKeys[at]);
            underWay++;
            written = last ? 0 : written + length;
            writing += last ? 1 : 0;
            done++;
        }
        return done;
    }

    /** A piece is at the peer; the last one of a transfer means that the peer has it and knows. */
    void deliver(long number, boolean last) {
        underWay--;
        if (last) {
            arrived = Math.max(arrived, number + 1);
        }
    }

    /** Begins again with the first transfer that the peer does not have; how many, -1 if that cannot be. */
    int resume(long peerArrived) {
        if (peerArrived < arrived || peerArrived > Math.min(accepted, places)
                || peerArrived > writing) {
            return -1;
        }
        int again = (int) (writing - peerArrived) + (written > 0 ? 1 : 0);
        arrived = peerArrived;
        writing = arrived;
        written = 0;
        underWay = 0;
        return again;
    }

    /** Tells the handler what has arrived; how many. */
    int report(Channel channel, ChannelHandler handler) {
        int done = 0;
        while (reported < arrived) {
            Send send = slot(reported++);
            send.region = null;
            handler.onSent(channel, send.context);
            done++;
        }
        return done;
    }

    private Send slot(long number) {
        return slots[(int) (number % slots.length)];
    }
}
