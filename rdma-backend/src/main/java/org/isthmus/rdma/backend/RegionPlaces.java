package org.isthmus.rdma.backend;

import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelHandler;

/**
 * The places of a channel for the peer's region sends, in strict order. The device writes into them; the owner hears of
 * the last piece alone. Invariant: {@code arrived <= placed <= arrived + window}.
 */
final class RegionPlaces {
    private final long[] lengths;
    private final long[] contexts;
    private long placed;
    private long arrived;

    RegionPlaces(int window) {
        lengths = new long[window];
        contexts = new long[window];
    }

    boolean isFull() {
        return placed - arrived == lengths.length;
    }

    boolean isEmpty() {
        return placed == arrived;
    }

    /** Number of the place that {@link #offer} makes next. */
    long nextNumber() {
        return placed;
    }

    void offer(long length, long context) {
        int slot = (int) (placed++ % lengths.length);
        lengths[slot] = length;
        contexts[slot] = context;
    }

    long arrived() {
        return arrived;
    }

    /** The last piece of a transfer has arrived; false if no correct peer says so. */
    boolean arrive(int immediate, int lastBytes, Channel channel, ChannelHandler handler) {
        int slot = (int) (arrived % lengths.length);
        long total = (long) RdmaDescriptor.piecesBefore(immediate) * RdmaDescriptor.FRAGMENT_BYTES + lastBytes;
        if (isEmpty() || !RdmaDescriptor.isOf(immediate, arrived) || total > lengths[slot]) {
            return false;
        }
        arrived++;
        handler.onReceived(channel, contexts[slot], total);
        return true;
    }
}
