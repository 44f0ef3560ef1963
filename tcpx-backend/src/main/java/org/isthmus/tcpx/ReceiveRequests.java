package org.isthmus.tcpx;

import java.util.Arrays;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelHandler;

/**
 * The places of a channel for the peer's region sends, in strict order. Chunks come in any order and, after a socket
 * broke, more than once; their unique numbers are verified against what can be, and each is taken once.
 *
 * <p>Invariants: (1) {@code arrived <= placed <= arrived + window}; (2) a chunk that was {@link #take taken} is never
 * written again; (3) a place is given back only when every byte of it has been {@link #complete completed}.
 */
final class ReceiveRequests {
    /** What a chunk is. */
    enum Verdict { WANTED, DUPLICATE, IMPOSSIBLE }

    private static final class Place {
        TcpxRegion region;
        long offset;
        long length;
        long context;
        /** Bytes of the whole transfer; -1 before its first chunk. */
        long total;
        long completed;
        final long[] taken = new long[ChunkDescriptor.MAX_CHUNKS / Long.SIZE];
    }

    private final Place[] slots;
    private final int chunkBytes;
    private long placed;
    private long arrived;

    ReceiveRequests(int window, int chunkBytes) {
        this.slots = new Place[window];
        this.chunkBytes = chunkBytes;
        Arrays.setAll(slots, i -> new Place());
    }

    boolean isFull() {
        return placed - arrived == slots.length;
    }

    /** Whether some place is not filled yet. */
    boolean isExpecting() {
        return arrived < placed;
    }

    /** Number of the place that {@link #offer} makes next. */
    long nextNumber() {
        return placed;
    }

    void offer(TcpxRegion region, long offset, long length, long context) {
        Place place = slots[(int) (placed++ % slots.length)];
        place.region = region;
        place.offset = offset;
        place.length = length;
        place.context = context;
        place.total = -1;
        place.completed = 0;
        Arrays.fill(place.taken, 0);
    }

    /** Checks every field of a chunk's header; IMPOSSIBLE means that no correct peer sends it. */
    Verdict check(long chunk, long offset, long total, long length) {
        long request = ChunkDescriptor.request(chunk);
        if (request >= placed) {
            return Verdict.IMPOSSIBLE;
        } else if (length <= 0 || length > chunkBytes) {
            return Verdict.IMPOSSIBLE;
        } else if (request < arrived) {
            return Verdict.DUPLICATE;
        }
        Place place = slot(chunk);
        if (total <= 0 || total > place.length || place.total >= 0 && place.total != total
                || offset != (long) ChunkDescriptor.index(chunk) * chunkBytes || offset >= total
                || length != Math.min(chunkBytes, total - offset)) {
            return Verdict.IMPOSSIBLE;
        }
        place.total = total;
        return isTaken(chunk) ? Verdict.DUPLICATE : Verdict.WANTED;
    }

    /** Whether its bytes may still be written to their place. */
    boolean isWanted(long chunk) {
        return ChunkDescriptor.request(chunk) >= arrived && !isTaken(chunk);
    }

    TcpxRegion region(long chunk) {
        return slot(chunk).region;
    }

    long regionOffset(long chunk) {
        return slot(chunk).offset + (long) ChunkDescriptor.index(chunk) * chunkBytes;
    }

    /** All bytes of the chunk are here; copies of it are duplicates from now on. */
    void take(long chunk) {
        slot(chunk).taken[ChunkDescriptor.index(chunk) / Long.SIZE] |= 1L << ChunkDescriptor.index(chunk);
    }

    /** All bytes of a taken chunk are in their place. */
    void complete(long chunk, int length) {
        slot(chunk).completed += length;
    }

    /** Number of places whose transfers have arrived. */
    long arrived() {
        return arrived;
    }

    /** Tells the handler of what is whole, in order; how many. */
    int report(Channel channel, ChannelHandler handler) {
        int done = 0;
        while (arrived < placed) {
            Place place = slots[(int) (arrived % slots.length)];
            if (place.total < 0 || place.completed < place.total) {
                break;
            }
            arrived++;
            place.region = null;
            handler.onReceived(channel, place.context, place.total);
            done++;
        }
        return done;
    }

    private boolean isTaken(long chunk) {
        long word = slot(chunk).taken[ChunkDescriptor.index(chunk) / Long.SIZE];
        return (word & 1L << ChunkDescriptor.index(chunk)) != 0;
    }

    private Place slot(long chunk) {
        return slots[(int) (ChunkDescriptor.request(chunk) % slots.length)];
    }
}
