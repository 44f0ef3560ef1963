package org.isthmus.launch.simulate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.MemoryRegion;

/**
 * One end of a queue pair between two nodes. A frame leaves when the round of the multiplexer that sent it is over, and
 * takes a credit until the peer has taken it.
 */
final class SimulatedChannel implements Channel {
    /** Frames up to so many bytes are copied beside the work request, so they are the caller's again at once. */
    static final int COPIED_BYTES = 224;
    /** Frames under way that the peer has not taken yet. */
    static final int CREDITS = 40;

    private enum State { NEW, CONNECTING, OPEN, CLOSED }

    /** A frame that was accepted. */
    record Frame(byte[] bytes, int records, long context) {
        boolean isCopied() {
            return bytes.length <= COPIED_BYTES;
        }
    }

    private final SimulatedEndpoint endpoint;
    private final int peer;
    private final ArrayDeque<Frame> posted = new ArrayDeque<>();
    private State state = State.NEW;
    private ChannelFailure failure;
    private int credits = CREDITS;
    private boolean refused;

    SimulatedChannel(SimulatedEndpoint endpoint, int peer) {
        this.endpoint = endpoint;
        this.peer = peer;
    }

    @Override
    public int peer() {
        return peer;
    }

    @Override
    public int trySend(MemoryRegion region, long offset, int length, long context) {
        MemoryRegion.check(region, offset, length, endpoint.capabilities().maxFrame());
        if (state != State.OPEN) {
            return failure != null ? FAILED : state == State.CLOSED ? CLOSED : NOT_CONNECTED;
        }
        if (credits == 0 || !endpoint.mayPost(this)) {
            refused = true;
            return BACK_PRESSURED;
        }
        byte[] bytes = new byte[length];
        MemorySegment.copy(region.memory(), ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
        post(bytes, context);
        return ACCEPTED;
    }

    /** Takes a frame of the endpoint's own, which the multiplexer hears nothing of; false if there is no room now. */
    boolean tryRelay(byte[] bytes) {
        if (state != State.OPEN || credits == 0 || !endpoint.mayPost(this)) {
            refused = true;
            return false;
        }
        post(bytes, SimulatedEndpoint.RELAYED);
        return true;
    }

    private void post(byte[] bytes, long context) {
        credits--;
        posted.add(new Frame(bytes, FrameRecords.count(bytes), context));
        endpoint.onPosted(this);
    }

    /** The next frame that was accepted and has not gone to the card; null if there is none. */
    Frame nextPosted() {
        return posted.poll();
    }

    /** The peer has taken a frame. Returns whether a try was refused meanwhile. */
    boolean onCredit() {
        credits++;
        return wasRefused();
    }

    /** Whether a try was refused since the last question. */
    boolean wasRefused() {
        boolean was = refused;
        refused = false;
        return was;
    }

    /** Whether frames of it are on their way. */
    boolean isBusy() {
        return credits < CREDITS;
    }

    /** Begins to connect; false if that has begun before. */
    boolean begin() {
        boolean first = state == State.NEW;
        if (first) {
            state = State.CONNECTING;
        }
        return first;
    }

    /** Returns whether it can be used from now on. */
    boolean open() {
        boolean opens = state == State.NEW || state == State.CONNECTING;
        if (opens) {
            state = State.OPEN;
        }
        return opens;
    }

    /** Whether nobody has wanted it yet. */
    boolean isNew() {
        return state == State.NEW;
    }

    /** Returns whether it was in use until now. */
    boolean fail(ChannelFailure cause) {
        boolean first = state != State.CLOSED;
        if (first) {
            state = State.CLOSED;
            failure = cause;
            posted.clear();
        }
        return first;
    }

    @Override
    public int trySendRegion(MemoryRegion region, long offset, long length, long context) {
        throw new UnsupportedOperationException("regions are not simulated");
    }

    @Override
    public int tryReceiveRegion(MemoryRegion region, long offset, long length, long context) {
        throw new UnsupportedOperationException("regions are not simulated");
    }

    @Override
    public ChannelFailure failure() {
        return failure;
    }

    @Override
    public void close() {
        state = State.CLOSED;
    }
}
