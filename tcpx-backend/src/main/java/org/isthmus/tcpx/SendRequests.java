package org.isthmus.tcpx;

import java.util.Arrays;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.spi.RegionTooLongException;

/**
 * The region sends of a channel: a window of request slots in strict order. Each goes through the states of
 * {@link State}; the caller's memory is used until the peer has reported its arrival, so that any chunk can be sent
 * again.
 *
 * <p>Invariants: (1) {@code reported <= arrived <= min(accepted, places)}; (2) {@code accepted - reported <= window};
 * (3) a chunk is assigned to at most one socket.
 */
final class SendRequests {
    /** More places than any receiver has; bounds what we remember of them. */
    private static final int MAX_PLACES = 64;

    private enum State {
        /** Leaves by {@link SendRequests#offer}. */
        FREE,
        /** Waits for its place. Leaves by {@link SendRequests#nextChunk}. */
        POSTED,
        /** Has a place; some chunks have no socket yet, or all have. Leaves by {@link SendRequests#arrived}. */
        TRANSMITTING,
        /** Has arrived. Leaves by {@link SendRequests#report}. */
        INACTIVE
    }

    private static final class Request {
        State state = State.FREE;
        TcpxRegion region;
        long offset;
        long length;
        long context;
        int chunks;
        int unassigned;
        /** Socket of each chunk, from 1; 0: none. */
        final byte[] sockets = new byte[ChunkDescriptor.MAX_CHUNKS];
    }

    private final Request[] slots;
    private final int chunkBytes;
    private final long[] placeLengths = new long[MAX_PLACES];
    private long accepted;
    private long places;
    private long sending;
    private long arrived;
    private long reported;

    SendRequests(int window, int chunkBytes) {
        this.slots = new Request[window];
        this.chunkBytes = chunkBytes;
        Arrays.setAll(slots, i -> new Request());
    }

    int offer(TcpxRegion region, long offset, long length, long context) {
        if (accepted - reported == slots.length) {
            return Channel.BACK_PRESSURED;
        }
        Request request = slot(accepted++);
        request.state = State.POSTED;
        request.region = region;
        request.offset = offset;
        request.length = length;
        request.context = context;
        request.chunks = (int) ((length + chunkBytes - 1) / chunkBytes);
        request.unassigned = 0;
        Arrays.fill(request.sockets, 0, request.chunks, (byte) 0);
        return Channel.ACCEPTED;
    }

    /** The peer has a place for that request; false if the news are not what comes next. */
    boolean place(long request, long length) {
        if (request != places || request - arrived >= MAX_PLACES || length <= 0) {
            return false;
        }
        placeLengths[(int) (places++ % MAX_PLACES)] = length;
        return true;
    }

    /**
     * The peer has all requests up to that one; false if that cannot be. Chunks of it may just have been unassigned,
     * because their socket broke after it had delivered them.
     */
    boolean arrived(long upTo) {
        if (upTo < arrived || upTo >= Math.min(accepted, places)) {
            return false;
        }
        for (; arrived <= upTo; arrived++) {
            Request request = slot(arrived);
            if (request.state != State.TRANSMITTING) {
                return false;
            }
            request.state = State.INACTIVE;
        }
        sending = Math.max(sending, arrived);
        return true;
    }

    /** Unique number of the next chunk that has a place and no socket; -1 if there is none. */
    long nextChunk() throws RegionTooLongException {
        for (; sending < Math.min(accepted, places); sending++) {
            Request request = slot(sending);
            if (request.state == State.POSTED) {
                long room = placeLengths[(int) (sending % MAX_PLACES)];
                if (request.length > room) {
                    throw new RegionTooLongException(sending, request.length, room);
                }
                request.state = State.TRANSMITTING;
            }
            while (request.unassigned < request.chunks && request.sockets[request.unassigned] != 0) {
                request.unassigned++;
            }
            if (request.unassigned < request.chunks) {
                return ChunkDescriptor.number(sending, request.unassigned);
            }
        }
        return -1;
    }

    void assign(long chunk, int socket) {
        Request request = slot(ChunkDescriptor.request(chunk));
        request.sockets[ChunkDescriptor.index(chunk)] = (byte) (socket + 1);
        request.unassigned = ChunkDescriptor.index(chunk) + 1;
    }

    /** All chunks of a broken socket need another one, those already written too; how many. */
    int unassign(int socket) {
        int count = 0;
        for (long number = Math.min(accepted, places) - 1; number >= arrived; number--) {
            Request request = slot(number);
            for (int i = request.chunks - 1; i >= 0; i--) {
                if (request.sockets[i] == socket + 1) {
                    request.sockets[i] = 0;
                    request.unassigned = Math.min(request.unassigned, i);
                    sending = Math.min(sending, number);
                    count++;
                }
            }
        }
        return count;
    }

    /** Whether some request has a place and has not arrived. */
    boolean isUnderWay() {
        return arrived < Math.min(accepted, places);
    }

    /** Whether the request of a chunk has not arrived, so that its memory is still ours. */
    boolean isCurrent(long chunk) {
        return ChunkDescriptor.request(chunk) >= arrived;
    }

    TcpxRegion region(long chunk) {
        return slot(ChunkDescriptor.request(chunk)).region;
    }

    /** Where the chunk begins in its region. */
    long regionOffset(long chunk) {
        return slot(ChunkDescriptor.request(chunk)).offset + offset(chunk);
    }

    /** Where the chunk begins in its request. */
    long offset(long chunk) {
        return (long) ChunkDescriptor.index(chunk) * chunkBytes;
    }

    long total(long chunk) {
        return slot(ChunkDescriptor.request(chunk)).length;
    }

    int length(long chunk) {
        return (int) Math.min(chunkBytes, total(chunk) - offset(chunk));
    }

    /** Tells the handler what has arrived; how many. */
    int report(Channel channel, ChannelHandler handler) {
        int done = 0;
        while (reported < arrived) {
            Request request = slot(reported++);
            request.state = State.FREE;
            request.region = null;
            handler.onSent(channel, request.context);
            done++;
        }
        return done;
    }

    private Request slot(long number) {
        return slots[(int) (number % slots.length)];
    }
}
