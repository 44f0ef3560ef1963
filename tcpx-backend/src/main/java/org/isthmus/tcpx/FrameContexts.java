package org.isthmus.tcpx;

import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelHandler;

/** The contexts of frames that are copied into the {@link SendStream} and not reported as sent yet, in order. */
final class FrameContexts {
    private static final int CAPACITY = 2048;

    private final long[] contexts = new long[CAPACITY];
    private long accepted;
    private long reported;

    boolean isFull() {
        return accepted - reported == CAPACITY;
    }

    boolean isEmpty() {
        return accepted == reported;
    }

    void add(long context) {
        contexts[(int) (accepted++ % CAPACITY)] = context;
    }

    /** Tells the handler; how many. */
    int report(Channel channel, ChannelHandler handler) {
        int done = 0;
        while (reported < accepted) {
            handler.onSent(channel, contexts[(int) (reported++ % CAPACITY)]);
            done++;
        }
        return done;
    }
}
