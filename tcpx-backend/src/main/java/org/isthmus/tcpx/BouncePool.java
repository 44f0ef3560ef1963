package org.isthmus.tcpx;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * The bounce buffers of a channel, made once, and the queue of their unpacks. A buffer is in one of three places: free,
 * at a socket that fills it, or in the queue; it leaves the queue, in order, only when its unpack has finished.
 */
final class BouncePool {
    static final int BUFFERS = 16;

    /** A bounce buffer and what is in it. */
    static final class Bounce {
        final ByteBuffer bytes;
        private final MemorySegment memory;
        private long chunk;
        private int length;
        private long ticket;

        Bounce(int capacity) {
            bytes = ByteBuffer.allocateDirect(capacity);
            memory = MemorySegment.ofBuffer(bytes.duplicate());
        }
    }

    private final Unpacker unpacker;
    private final ReceiveRequests receives;
    private final Bounce[] free = new Bounce[BUFFERS];
    private final Bounce[] queue = new Bounce[BUFFERS];
    private int freeCount = BUFFERS;
    private long queued;
    private long finished;

    BouncePool(Unpacker unpacker, ReceiveRequests receives, int chunkBytes) {
        this.unpacker = unpacker;
        this.receives = receives;
        for (int i = 0; i < BUFFERS; i++) {
            free[i] = new Bounce(chunkBytes);
        }
    }

    /** A buffer to fill; null if all are in use. */
    Bounce acquire() {
        return freeCount == 0 ? null : free[--freeCount];
    }

    /** Gives a buffer back that holds nothing of use. */
    void release(Bounce bounce) {
        bounce.bytes.clear();
        free[freeCount++] = bounce;
    }

    /** A filled buffer: begins its unpack, unless another copy of the chunk came first. */
    void submit(Bounce bounce, long chunk, int length) {
        if (!receives.isWanted(chunk)) {
            release(bounce);
            return;
        }
        receives.take(chunk);
        bounce.chunk = chunk;
        bounce.length = length;
        bounce.ticket =
                unpacker.begin(bounce.memory, receives.region(chunk).memory(), receives.regionOffset(chunk), length);
        queue[(int) (queued++ % BUFFERS)] = bounce;
    }

    /** Releases what has been unpacked; how many. */
    int poll() {
        int done = 0;
        while (finished < queued) {
            Bounce bounce = queue[(int) (finished % BUFFERS)];
            if (!unpacker.isDone(bounce.ticket)) {
                break;
            }
            finished++;
            receives.complete(bounce.chunk, bounce.length);
            release(bounce);
            done++;
        }
        return done;
    }

    boolean isUnpacking() {
        return finished < queued;
    }
}
