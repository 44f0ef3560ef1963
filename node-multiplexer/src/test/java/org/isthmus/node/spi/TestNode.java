package org.isthmus.node.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** The owner of one endpoint in a test: writes down all that its handler hears, and checks frames by their number. */
public final class TestNode implements ChannelHandler, AutoCloseable {
    /** Bytes of the registered memory, whose upper half is for frames. */
    public static final int MEMORY_BYTES = 32 << 20;
    private static final int FRAMES_AT = MEMORY_BYTES / 2;
    private static final int MIN_FRAME = 8;

    public final Endpoint endpoint;
    public final MemorySegment memory = Arena.ofAuto().allocate(MEMORY_BYTES, 4096);
    public final MemoryRegion region;
    public final Map<Integer, Channel> connected = new HashMap<>();
    public final Map<Integer, ChannelFailure> failures = new HashMap<>();
    public final List<Integer> closed = new ArrayList<>();
    public final List<Long> regionsSent = new ArrayList<>();
    /** Contexts of one-sided operations. */
    public final List<Long> done = new ArrayList<>();
    /** Context and length in turn. */
    public final List<Long> regionsReceived = new ArrayList<>();
    public long framesReceived;
    public long framesReported;
    public int refusals;

    private final Queue<Integer> frameSlots = new ArrayDeque<>();
    private final int frameStride;
    private long framesSent;

    /** An endpoint whose frames are at most {@code largestFrame} bytes; at least 8. */
    public TestNode(Backend backend, EndpointContextMaker maker, int largestFrame) throws IOException {
        endpoint = backend.open(maker.make(this));
        region = endpoint.register(memory);
        frameStride = largestFrame;
        for (int at = FRAMES_AT; at + largestFrame <= MEMORY_BYTES; at += largestFrame) {
            frameSlots.add(at);
        }
    }

    /** Makes the context that tells the given handler. */
    public interface EndpointContextMaker {
        EndpointContext make(ChannelHandler handler);
    }

    /** Sends the next frame; its bytes follow from its number. */
    public int trySendFrame(Channel channel, int length) {
        Integer slot = frameSlots.peek();
        if (slot == null) {
            return Channel.BACK_PRESSURED;
        }
        int bytes = Math.min(frameStride, Math.max(MIN_FRAME, length));
        fill(memory, slot, bytes, framesSent);
        int code = channel.trySend(region, slot, bytes, -1 - slot);
        if (code == Channel.ACCEPTED) {
            frameSlots.remove();
            framesSent++;
        }
        return code;
    }

    public long framesSent() {
        return framesSent;
    }

    /** The bytes of number {@code seed}: 8 of the number itself, then words that follow from it. */
    public static void fill(MemorySegment memory, long offset, long length, long seed) {
        for (long at = 0; at + Long.BYTES <= length; at += Long.BYTES) {
            memory.set(ValueLayout.JAVA_LONG_UNALIGNED, offset + at, word(seed, at));
        }
        for (long at = length & -Long.BYTES; at < length; at++) {
            memory.set(ValueLayout.JAVA_BYTE, offset + at, (byte) word(seed, at));
        }
    }

    /** Fails unless the bytes are those of {@link #fill}. */
    public static void verify(MemorySegment memory, long offset, long length, long seed) {
        for (long at = 0; at + Long.BYTES <= length; at += Long.BYTES) {
            if (memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + at) != word(seed, at)) {
                throw new AssertionError("byte " + at + " of " + length + " of number " + seed + " is wrong");
            }
        }
        for (long at = length & -Long.BYTES; at < length; at++) {
            assertEquals((byte) word(seed, at), memory.get(ValueLayout.JAVA_BYTE, offset + at));
        }
    }

    private static long word(long seed, long at) {
        return at == 0 ? seed : (seed + 1) * 0x9E3779B97F4A7C15L + at;
    }

    @Override
    public void onConnected(Channel channel) {
        assertEquals(null, connected.put(channel.peer(), channel), "connected twice");
    }

    @Override
    public boolean onFrame(Channel channel, MemorySegment frame, long offset, int length) {
        verify(frame, offset, length, framesReceived);
        if (refusals > 0) {
            refusals--;
            return false;
        }
        framesReceived++;
        return true;
    }

    @Override
    public void onSent(Channel channel, long context) {
        if (context < 0) {
            frameSlots.add((int) (-1 - context));
            framesReported++;
        } else {
            regionsSent.add(context);
        }
    }

    @Override
    public void onReceived(Channel channel, long context, long length) {
        regionsReceived.add(context);
        regionsReceived.add(length);
    }

    @Override
    public void onDone(Channel channel, long context) {
        done.add(context);
    }

    @Override
    public void onClosed(Channel channel, ChannelFailure failure) {
        closed.add(channel.peer());
        if (failure != null) {
            failures.put(channel.peer(), failure);
        }
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
