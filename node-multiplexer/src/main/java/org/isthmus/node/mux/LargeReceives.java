package org.isthmus.node.mux;

import java.util.ArrayDeque;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.node.endpoint.LargeRecordDescriptor;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.MemoryRegion;

/**
 * The large messages that come from one other node: for each piece that the peer announces, in order, a place to
 * receive into is given to the backend: where the receiving rank wants the message, or else a block of the
 * multiplexer's, which is handed to the rank when the bytes are there. Without room the pieces wait on the other node.
 *
 * <p>Owned by the multiplexer's thread. A block that the wire may write to is the multiplexer's: the death of a rank
 * does not free it.
 */
final class LargeReceives {
    /** Pieces that a peer may have announced and not yet sent; more than any backend has under way. */
    private static final int MOST_ANNOUNCED = 4096;

    private static final class Piece {
        final int place;
        final int source;
        final int receive;
        final int bytes;
        final long position;
        /** Null if it goes into a block. */
        final LandingPlaces.Landing landing;
        long block = Handle.NONE;
        long offset;

        Piece(int place, int source, int receive, int bytes, long position, LandingPlaces.Landing landing) {
            this.place = place;
            this.source = source;
            this.receive = receive;
            this.bytes = bytes;
            this.position = position;
            this.landing = landing;
        }
    }

    private final RankHeap heap;
    private final SegmentRegions regions;
    private final LandingPlaces landings;
    private final NoticeBoard notices;
    private final Channel channel;
    private final ArrayDeque<Piece> announced = new ArrayDeque<>();
    private final ArrayDeque<Piece> underWay = new ArrayDeque<>();

    LargeReceives(RankHeap heap, SegmentRegions regions, LandingPlaces landings, NoticeBoard notices, Channel channel) {
        this.heap = heap;
        this.regions = regions;
        this.landings = landings;
        this.notices = notices;
        this.channel = channel;
    }

    /** The peer's next region transfer is this piece. Checks what came from the wire. */
    void announce(int place, int source, int receive, long bytes, long position) {
        if (bytes <= 0 || bytes > LargeRecordDescriptor.MAX_PIECE || position < 0 || receive < 0
                || announced.size() == MOST_ANNOUNCED) {
            throw new CorruptRecordException("piece of " + bytes + " bytes at " + position + " for receive " + receive
                    + " from rank " + source + ", behind " + announced.size() + " others");
        }
        LandingPlaces.Landing landing = landings.find(place, receive);
        Piece piece = new Piece(place, source, receive, (int) bytes, position, landing);
        if (landing != null) {
            piece.offset = landing.next(source, position, bytes);
        }
        announced.add(piece);
    }

    /** Gives the backend the places for which there is room. Returns how many. */
    int flush() {
        int moved = 0;
        while (!announced.isEmpty() && give(announced.peekFirst())) {
            underWay.add(announced.removeFirst());
            moved++;
        }
        return moved;
    }

    private boolean give(Piece piece) {
        if (piece.landing == null && piece.block == Handle.NONE) {
            piece.block = heap.allocateBeyondBound(piece.bytes);
            if (piece.block == Handle.NONE) {
                return false;
            }
            piece.offset = heap.offset(piece.block);
        }
        MemoryRegion region = regions.at(piece.offset);
        return channel.tryReceiveRegion(region, SegmentRegions.within(piece.offset), piece.bytes, LargeMessages.CONTEXT)
                == Channel.ACCEPTED;
    }

    /** The oldest transfer has arrived, with that many bytes. */
    void onReceived(long length) {
        Piece piece = underWay.removeFirst();
        if (length != piece.bytes) {
            throw new CorruptRecordException("a transfer of " + length + " bytes from rank " + piece.source + " where "
                    + piece.bytes + " were announced");
        }
        if (piece.landing == null) {
            notices.of(piece.place).data(piece.source, piece.receive, piece.block, piece.bytes, piece.position);
        } else if (piece.landing.arrive(piece.bytes)) {
            landings.remove(piece.place, piece.receive);
            notices.of(piece.place).arrived(piece.source, piece.receive, piece.landing.bytes);
        }
    }

    /** The channel has ended: nothing is written any more. */
    void onClosed() {
        underWay.forEach(this::release);
        announced.forEach(this::release);
        underWay.clear();
        announced.clear();
    }

    private void release(Piece piece) {
        if (piece.block != Handle.NONE) {
            heap.free(piece.block);
        }
    }

    /** Whether there is something for the next {@link #flush}. */
    boolean hasWork() {
        return !announced.isEmpty();
    }

    boolean isIdle() {
        return announced.isEmpty() && underWay.isEmpty();
    }
}
