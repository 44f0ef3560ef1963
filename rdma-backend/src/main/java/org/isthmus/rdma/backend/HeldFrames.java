package org.isthmus.rdma.backend;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelHandler;

/** Frames that the owner did not take: the last resort. They are copied; the credits bound how many. */
final class HeldFrames {
    private final Queue<MemorySegment> frames = new ArrayDeque<>();

    boolean isEmpty() {
        return frames.isEmpty();
    }

    void add(MemorySegment memory, long offset, int length) {
        MemorySegment copy = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(length));
        MemorySegment.copy(memory, offset, copy, 0, length);
        frames.add(copy);
    }

    /** Offers frames again; how many were taken. */
    int deliver(Channel channel, ChannelHandler handler, int limit) {
        int done = 0;
        while (done < limit && !frames.isEmpty()) {
            MemorySegment frame = frames.peek();
            if (!handler.onFrame(channel, frame, 0, (int) frame.byteSize())) {
                break;
            }
            frames.remove();
            done++;
        }
        return done;
    }
}
