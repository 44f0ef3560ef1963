package org.isthmus.rdma.backend;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.wire.FrameDescriptor;
import org.isthmus.node.wire.FrameFlyweight;

/**
 * The outgoing messages of a channel until the peer has them. A slot holds the header and a short body; a longer body
 * stays where the caller has it. Numbers begin with 1 and only rise, so that messages can be sent again over another
 * queue pair and dropped where they are known.
 *
 * <p>Invariants: (1) {@code first <= unposted <= next <= first + SLOTS}; (2) {@code delivered < unposted}; (3) a slot
 * is used again when its message is delivered and its frame reported; (4) frames leave {@link #RESERVED}
 * slots to other messages.
 */
final class MessageSlots {
    static final int SLOTS = 64;
    private static final int RESERVED = 24;
    private static final int STRIDE = 256;
    /** Most bytes of a body that is copied. */
    static final int COPIED = STRIDE - FrameDescriptor.HEADER_BYTES;

    private final RdmaRegion slab;
    private final ByteBuffer view;
    private final FrameFlyweight header = new FrameFlyweight();
    private final byte[] types = new byte[SLOTS];
    private final int[] lengths = new int[SLOTS];
    private final long[] contexts = new long[SLOTS];
    private final RdmaRegion[] regions = new RdmaRegion[SLOTS];
    private final long[] offsets = new long[SLOTS];
    private long first = 1;
    private long unposted = 1;
    private long next = 1;
    private long delivered;
    private long reported;
    private long framesSent;

    MessageSlots(RegionMaker maker) {
        slab = maker.make(Arena.ofAuto().allocate((long) SLOTS * STRIDE, 64));
        view = slab.memory().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Registers memory. */
    interface RegionMaker {
        RdmaRegion make(MemorySegment memory);
    }

    /** Room for a message; the index of its body in its slot, or -1. {@link #commit} must follow. */
    int claim(byte type) {
        int free = SLOTS - (int) (next - first);
        boolean room = type == FrameDescriptor.TYPE_FRAME ? free > RESERVED : free > 0;
        return room ? slot(next) * STRIDE + FrameDescriptor.HEADER_BYTES : -1;
    }

    /** Copies the body of the claimed message into its slot. */
    void copy(int body, RdmaRegion from, long offset, int length) {
        MemorySegment.copy(from.memory(), offset, slab.memory(), body, length);
    }

    /** Appends the claimed message, whose body is in its slot. */
    void commit(byte type, int length, long context) {
        commit(type, null, 0, length, context);
    }

    /** Appends the claimed message, whose body is in a region; null: in its slot. */
    void commit(byte type, RdmaRegion region, long offset, int length, long context) {
        int slot = slot(next++);
        types[slot] = type;
        lengths[slot] = length;
        contexts[slot] = context;
        regions[slot] = region;
        offsets[slot] = offset;
        framesSent += type == FrameDescriptor.TYPE_FRAME ? 1 : 0;
    }

    /** Appends the place of a region; false if there is no room. */
    boolean tryPlace(long number, long length, long address, int key) {
        int body = claim(FrameDescriptor.TYPE_PLACE);
        if (body < 0) {
            return false;
        }
        view.putLong(body + RdmaDescriptor.PLACE_NUMBER_OFFSET, number)
                .putLong(body + RdmaDescriptor.PLACE_LENGTH_OFFSET, length)
                .putLong(body + RdmaDescriptor.PLACE_ADDRESS_OFFSET, address)
                .putInt(body + RdmaDescriptor.PLACE_KEY_OFFSET, key);
        commit(FrameDescriptor.TYPE_PLACE, RdmaDescriptor.PLACE_BYTES, 0);
        return true;
    }

    /** Appends why this end fails; false if there is no room. */
    boolean tryFailure(ChannelFailure.Cause cause, String description) {
        int body = claim(FrameDescriptor.TYPE_FAILURE);
        if (body < 0) {
            return false;
        }
        byte[] text = description.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, RdmaDescriptor.MAX_FAILURE_BYTES - 1) + 1;
        view.put(body, (byte) cause.ordinal()).put(body + 1, text, 0, length - 1);
        commit(FrameDescriptor.TYPE_FAILURE, length, 0);
        return true;
    }

    long framesSent() {
        return framesSent;
    }

    boolean isDelivered() {
        return delivered == next - 1;
    }

    /** Whether some frame may be told of, or will be. */
    boolean hasUnreported() {
        return reported < next - 1;
    }

    /** Posts what the queue pair takes; how many messages. */
    int post(Link link, long framesTaken) {
        int done = 0;
        for (; unposted < next && link.hasRoom(1); unposted++) {
            int slot = slot(unposted);
            int at = slot * STRIDE;
            header.wrap(view, at).fill(types[slot], lengths[slot], unposted).seal(framesTaken, RdmaDescriptor.CREDITS);
            if (regions[slot] == null) {
                link.send(Link.Kind.MESSAGE, unposted, slab.address(at), FrameDescriptor.HEADER_BYTES + lengths[slot],
                        slab.localKey(), types[slot] != FrameDescriptor.TYPE_FRAME);
            } else {
                link.send(unposted, slab.address(at), FrameDescriptor.HEADER_BYTES, slab.localKey(),
                        regions[slot].address(offsets[slot]), lengths[slot], regions[slot].localKey());
            }
            done++;
        }
        return done;
    }

    /** The peer has all messages up to that one. */
    void deliver(long number) {
        delivered = Math.max(delivered, number);
        release();
    }

    /** Begins again behind the last message that the peer has; how many are sent again, -1 if that cannot be. */
    int resume(long received) {
        if (received < delivered || received >= next) {
            return -1;
        }
        deliver(received);
        int again = (int) (unposted - delivered - 1);
        unposted = delivered + 1;
        return again;
    }

    /** Tells the handler of frames whose bytes are the caller's again, in order; how many. */
    int report(Channel channel, ChannelHandler handler) {
        int done = 0;
        while (reported < next - 1) {
            int slot = slot(reported + 1);
            boolean frame = types[slot] == FrameDescriptor.TYPE_FRAME;
            if (frame && regions[slot] != null && delivered <= reported) {
                break;
            }
            reported++;
            if (frame) {
                regions[slot] = null;
                handler.onSent(channel, contexts[slot]);
                done++;
            }
        }
        release();
        return done;
    }

    private void release() {
        first = Math.max(first, Math.min(delivered, reported) + 1);
    }

    void close() {
        slab.close();
    }

    private static int slot(long number) {
        return (int) (number % SLOTS);
    }
}
