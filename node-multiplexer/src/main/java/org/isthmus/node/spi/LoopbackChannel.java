package org.isthmus.node.spi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * One end of a loopback channel: two lanes, crossed at the peer's end. One-sided operations are done by the try, in the
 * caller's thread.
 */
final class LoopbackChannel implements Channel {
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final int ONE_SIDED_WINDOW = 64;

    private enum State { CONNECTING, OPEN, CLOSING, CLOSED }

    private final int peer;
    private final LoopbackLane out;
    private final LoopbackLane in;
    private final LoopbackEndpoint peerEndpoint;
    private final long[] oneSided = new long[ONE_SIDED_WINDOW];
    private long oneSidedDone;
    private long oneSidedReported;
    private LoopbackChannel other;
    private State state = State.CONNECTING;
    private volatile ChannelFailure failure;

    LoopbackChannel(int peer, LoopbackEndpoint peerEndpoint, LoopbackLane out, LoopbackLane in) {
        this.peer = peer;
        this.peerEndpoint = peerEndpoint;
        this.out = out;
        this.in = in;
    }

    void join(LoopbackChannel newOther) {
        other = newOther;
    }

    @Override
    public int peer() {
        return peer;
    }

    @Override
    public int trySend(MemoryRegion region, long offset, int length, long context) {
        MemoryRegion.check(region, offset, length, LoopbackLane.MAX_FRAME);
        int code = state();
        return code == ACCEPTED ? wakePeer(out.offerFrame(region, offset, length, context)) : code;
    }

    @Override
    public int trySendRegion(MemoryRegion region, long offset, long length, long context) {
        MemoryRegion.check(region, offset, length, LoopbackEndpoint.MAX_REGION);
        int code = state();
        return code == ACCEPTED ? wakePeer(out.offerRegion(region, offset, length, context)) : code;
    }

    @Override
    public int tryReceiveRegion(MemoryRegion region, long offset, long length, long context) {
        MemoryRegion.check(region, offset, length, LoopbackEndpoint.MAX_REGION);
        int code = state();
        return code == ACCEPTED ? in.offerPlace(region, offset, length, context) : code;
    }

    @Override
    public int tryWrite(MemoryRegion region, long offset, int length, RemoteRegion remote, long remoteOffset,
            long context) {
        MemoryRegion.check(region, offset, length, MAX_ONE_SIDED);
        remote.check(remoteOffset, length);
        return tryOneSided(remote, remoteOffset, length, context, target ->
                target.copyFrom(region.memory().asSlice(offset, length)));
    }

    @Override
    public int tryRead(MemoryRegion region, long offset, int length, RemoteRegion remote, long remoteOffset,
            long context) {
        MemoryRegion.check(region, offset, length, MAX_ONE_SIDED);
        remote.check(remoteOffset, length);
        return tryOneSided(remote, remoteOffset, length, context, target ->
                region.memory().asSlice(offset, length).copyFrom(target));
    }

    @Override
    public int tryFetchAdd(MemoryRegion region, long offset, RemoteRegion remote, long remoteOffset, long add,
            long context) {
        MemoryRegion.check(region, offset, Long.BYTES, MAX_ONE_SIDED);
        remote.checkWord(remoteOffset);
        return tryOneSided(remote, remoteOffset, Long.BYTES, context, target ->
                region.memory().set(ValueLayout.JAVA_LONG_UNALIGNED, offset, (long) WORD.getAndAdd(target, 0L, add)));
    }

    @Override
    public int tryCompareSwap(MemoryRegion region, long offset, RemoteRegion remote, long remoteOffset, long expected,
            long value, long context) {
        MemoryRegion.check(region, offset, Long.BYTES, MAX_ONE_SIDED);
        remote.checkWord(remoteOffset);
        return tryOneSided(remote, remoteOffset, Long.BYTES, context, target ->
                region.memory().set(ValueLayout.JAVA_LONG_UNALIGNED, offset,
                        (long) WORD.compareAndExchange(target, 0L, expected, value)));
    }

    private int tryOneSided(RemoteRegion remote, long offset, long length, long context,
            Consumer<MemorySegment> action) {
        int code = state();
        if (code != ACCEPTED) {
            return code;
        } else if (oneSidedDone - oneSidedReported == ONE_SIDED_WINDOW) {
            return BACK_PRESSURED;
        }
        MemorySegment target = reach(remote, offset, length);
        if (target != null) {
            action.accept(target);
            oneSided[(int) (oneSidedDone++ % ONE_SIDED_WINDOW)] = context;
        }
        return ACCEPTED;
    }

    /** Null, and the channel has failed, if the peer does not let this node do that. */
    private MemorySegment reach(RemoteRegion remote, long offset, long length) {
        MemorySegment target = LoopbackBackend.reach(remote, offset, length);
        if (target == null) {
            fail(new ChannelFailure(ChannelFailure.Cause.BAD_FRAME, "node " + peer + ": " + length + " bytes at offset "
                    + offset + " of " + remote + " are not registered there"));
        }
        return target;
    }

    @Override
    public ChannelFailure failure() {
        return failure;
    }

    @Override
    public void close() {
        if (state == State.CONNECTING || state == State.OPEN) {
            state = State.CLOSING;
            out.end();
            wakePeer(ACCEPTED);
        }
    }

    /** Makes both ends fail; their owners see it at their next poll. */
    void fail(ChannelFailure newFailure) {
        setFailure(newFailure);
        if (other != null) {
            other.setFailure(newFailure);
            wakePeer(ACCEPTED);
        }
    }

    /** Makes the peer's end fail alone: this one is gone. */
    void abandon(ChannelFailure seenByPeer) {
        state = State.CLOSED;
        if (other != null) {
            other.setFailure(seenByPeer);
            wakePeer(ACCEPTED);
        }
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    int poll(ChannelHandler handler, int limit) {
        if (failure != null) {
            state = State.CLOSED;
            handler.onClosed(this, failure);
            return 1;
        }
        int done = 0;
        if (state == State.CONNECTING) {
            state = State.OPEN;
            handler.onConnected(this);
            done++;
        }
        boolean moved = true;
        while (moved && done < limit && failure == null) {
            moved = step(handler);
            done += moved ? 1 : 0;
        }
        boolean ended = in.isDrained() || state == State.CLOSING && out.isDrained();
        if (ended && failure == null && !moved) {
            out.end();
            wakePeer(ACCEPTED);
            state = State.CLOSED;
            handler.onClosed(this, null);
            done++;
        }
        return done;
    }

    private boolean step(ChannelHandler handler) {
        boolean moved = out.reportSent(this, handler);
        while (oneSidedReported < oneSidedDone) {
            handler.onDone(this, oneSided[(int) (oneSidedReported++ % ONE_SIDED_WINDOW)]);
            moved = true;
        }
        if (state == State.OPEN) {
            moved |= in.deliverFrame(this, handler);
        }
        try {
            moved |= in.deliverRegion(this, handler);
        } catch (RegionTooLongException e) {
            fail(new ChannelFailure(ChannelFailure.Cause.REGION_TOO_LONG, e.getMessage()));
        }
        if (moved) {
            wakePeer(ACCEPTED);
        }
        return moved;
    }

    private int state() {
        if (failure != null) {
            return FAILED;
        }
        return switch (state) {
            case CONNECTING -> NOT_CONNECTED;
            case OPEN -> ACCEPTED;
            case CLOSING, CLOSED -> CLOSED;
        };
    }

    private int wakePeer(int code) {
        if (peerEndpoint != null) {
            peerEndpoint.wakeup();
        }
        return code;
    }

    private void setFailure(ChannelFailure newFailure) {
        if (failure == null) {
            failure = newFailure;
        }
    }
}
