package org.isthmus.rdma.backend;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.wire.BadFrame;
import org.isthmus.node.wire.FrameDescriptor;
import org.isthmus.node.wire.FrameFlyweight;

/**
 * What a channel takes from its peer: every message checked, each taken once and in order whatever queue pair it came
 * by, frames given to the owner or held for it.
 */
final class Reception {
    private final RdmaChannel channel;
    private final MessageSlots messages;
    private final RegionSends sends;
    private final RdmaCounters counters;
    private final ChannelHandler handler;
    private final FrameFlyweight header = new FrameFlyweight();
    private final HeldFrames held = new HeldFrames();
    private long received;
    private long framesTaken;
    private long peerTaken;
    private int peerCredits;

    Reception(RdmaChannel channel, MessageSlots messages, RegionSends sends, RdmaCounters counters,
            ChannelHandler handler) {
        this.channel = channel;
        this.messages = messages;
        this.sends = sends;
        this.counters = counters;
        this.handler = handler;
    }

    /** Messages that came, of all kinds. */
    long received() {
        return received;
    }

    /** Frames that the owner took. */
    long framesTaken() {
        return framesTaken;
    }

    /** Whether the peer has room for another frame. */
    boolean hasCredit() {
        return messages.framesSent() - peerTaken < peerCredits;
    }

    /** Whether frames wait for the owner. */
    boolean isHolding() {
        return !held.isEmpty();
    }

    /** The header of the last message. */
    FrameFlyweight header() {
        return header;
    }

    /** Takes the message at {@code at}; what is wrong with it, null if nothing. */
    BadFrame take(Link from, MemorySegment memory, ByteBuffer view, int at, int bytes) {
        header.wrap(view, at);
        BadFrame bad = bytes < FrameDescriptor.HEADER_BYTES ? BadFrame.LENGTH
                : header.check(RdmaDescriptor.MAX_FRAME, messages.framesSent());
        int body = at + FrameDescriptor.HEADER_BYTES;
        int length = bytes - FrameDescriptor.HEADER_BYTES;
        if (bad == null && header.length() != length) {
            bad = BadFrame.LENGTH;
        } else if (bad == null && header.type() == FrameDescriptor.TYPE_ARRIVED) {
            peerCredits = header.credits(); // the owner may send as soon as it hears of the connection
            bad = channel.resume(from, memory, body, length);
        } else if (bad == null && header.sequence() <= received) {
            counters.increment(RdmaCounters.Counter.MESSAGES_DUPLICATE);
        } else if (bad == null) {
            bad = header.sequence() == received + 1 && from.state.compareTo(Link.State.OPEN) >= 0
                    ? takeNext(memory, body, length) : BadFrame.SEQUENCE;
        }
        if (bad == null) {
            peerTaken = Math.max(peerTaken, header.acknowledged());
            peerCredits = header.credits();
        }
        return bad;
    }

    private BadFrame takeNext(MemorySegment memory, int body, int length) {
        received++;
        switch (header.type()) {
            case FrameDescriptor.TYPE_FRAME -> {
                if (length == 0) {
                    return BadFrame.BODY;
                }
                takeFrame(memory, body, length);
            }
            case FrameDescriptor.TYPE_PLACE -> {
                if (length != RdmaDescriptor.PLACE_BYTES || !sends.place(
                        word(memory, body + RdmaDescriptor.PLACE_NUMBER_OFFSET),
                        word(memory, body + RdmaDescriptor.PLACE_LENGTH_OFFSET),
                        word(memory, body + RdmaDescriptor.PLACE_ADDRESS_OFFSET),
                        memory.get(RdmaEndpoint.INT, body + RdmaDescriptor.PLACE_KEY_OFFSET))) {
                    return BadFrame.BODY;
                }
            }
            case FrameDescriptor.TYPE_ACKNOWLEDGE -> {
                return length == 0 ? null : BadFrame.BODY;
            }
            case FrameDescriptor.TYPE_GOODBYE -> {
                if (length != 0 && length != RdmaDescriptor.SLEEP_BYTES) {
                    return BadFrame.BODY;
                }
                channel.onGoodbye(length == RdmaDescriptor.SLEEP_BYTES);
            }
            case FrameDescriptor.TYPE_FAILURE -> {
                return takeFailure(memory, body, length);
            }
            default -> {
                return BadFrame.TYPE;
            }
        }
        return null;
    }

    static long word(MemorySegment memory, long at) {
        return memory.get(RdmaEndpoint.LONG, at);
    }

    private void takeFrame(MemorySegment memory, int body, int length) {
        if (!channel.takesFrames()) {
            return;
        }
        if (held.isEmpty() && handler.onFrame(channel, memory, body, length)) {
            framesTaken++;
            return;
        }
        counters.increment(RdmaCounters.Counter.FRAMES_HELD);
        held.add(memory, body, length);
    }

    private BadFrame takeFailure(MemorySegment memory, int body, int length) {
        ChannelFailure.Cause[] causes = ChannelFailure.Cause.values();
        if (length < 1 || length > RdmaDescriptor.MAX_FAILURE_BYTES || memory.get(ValueLayout.JAVA_BYTE, body) < 0
                || memory.get(ValueLayout.JAVA_BYTE, body) >= causes.length) {
            return BadFrame.BODY;
        }
        byte[] text = memory.asSlice(body + 1L, length - 1L).toArray(ValueLayout.JAVA_BYTE);
        channel.fail(causes[memory.get(ValueLayout.JAVA_BYTE, body)],
                "it says: " + new String(text, StandardCharsets.UTF_8), false);
        return null;
    }

    /** Offers frames again that the owner did not take; how many it took. */
    int deliverHeld(int limit) {
        int done = channel.takesFrames() ? held.deliver(channel, handler, limit) : 0;
        framesTaken += done;
        return done;
    }
}
