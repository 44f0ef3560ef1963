package org.isthmus.node.spi;

import java.lang.foreign.MemorySegment;

/**
 * What an endpoint tells its owner. All methods are called inside {@link Endpoint#poll}, by the polling thread, never
 * inside a try. They may call tries of any channel of that endpoint, but not {@code poll}.
 */
public interface ChannelHandler {
    /** The channel can be used. For a channel that the peer began, this is the first that its owner hears of it. */
    void onConnected(Channel channel);

    /**
     * A frame has arrived: {@code length} bytes at {@code offset} of {@code memory}, valid during this call alone.
     *
     * @return false if it cannot be taken now: it is offered again at a later poll, and no later frame of this channel
     *     comes before it; other channels and all region transfers go on
     */
    boolean onFrame(Channel channel, MemorySegment memory, long offset, int length);

    /** A frame or a region is out, its bytes are the caller's again. Frames in order, regions in order. */
    void onSent(Channel channel, long context);

    /** A region has arrived whole: {@code length} bytes lie in the place given with that context. In order. */
    void onReceived(Channel channel, long context, long length);

    /**
     * A one-sided operation is complete; in the order in which they were accepted. Only owners that began one hear of
     * it.
     */
    default void onDone(Channel channel, long context) {
        throw new IllegalStateException("one-sided operation " + context + " is complete, and nobody knows of it");
    }

    /**
     * The last call for this channel. What was not completed by now never will be; all memory is the caller's again.
     *
     * @param failure null if one of the ends closed in order
     */
    void onClosed(Channel channel, ChannelFailure failure);
}
