package org.isthmus.rdma.backend;

import com.ibm.disni.verbs.IbvSendWR;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.EndpointAddress;
import org.isthmus.node.spi.MemoryRegion;
import org.isthmus.node.spi.RegionTooLongException;
import org.isthmus.node.spi.RemoteRegion;
import org.isthmus.node.wire.BadFrame;
import org.isthmus.node.wire.FrameDescriptor;

/**
 * The connection with one node: one queue pair at a time. When it fails, either node makes another, and both say on it
 * what they have, so that what is missing is sent again and nothing twice. A channel that is unused may lose its queue
 * pair to others and sleeps; it gets another one when it is used.
 *
 * <pre>
 *  CONNECTING --first ARRIVED--> OPEN --close()--> CLOSING --goodbye of both--> CLOSED
 *                                  |--goodbye of the peer--> LEAVING --ours is out--> CLOSED
 *  any --fail()--> CLOSED, when the peer was told or a moment is over
 * </pre>
 *
 * Memory goes back to the owner only after the queue pair was put into the error state: nobody can write to it then.
 *
 * <p>All steps between states are here, hence its length; what moves bytes is in classes of its own.
 */
final class RdmaChannel implements Channel {
    private enum State { CONNECTING, OPEN, CLOSING, LEAVING, CLOSED }

    private static final long FIRST_PAUSE_NANOS = 5_000_000;
    private static final long LONGEST_PAUSE_NANOS = 500_000_000;

    private final RdmaEndpoint endpoint;
    private final RdmaOptions options;
    private final RdmaCounters counters;
    private final int peer;
    private long id;
    private InetSocketAddress remote;
    private final MessageSlots messages;
    private final RegionSends sends;
    private final RegionPlaces places;
    private final OneSidedSlots oneSided = new OneSidedSlots();
    private final Reception reception;
    private State state = State.CONNECTING;
    private ChannelFailure failure;
    private long tellUntil;
    private Link link;
    private boolean resumeSent;
    private Link dialling;
    private long nextDial;
    private long pause = FIRST_PAUSE_NANOS;
    private long downSince;
    private String lastBreak = "";
    private String lastTry = "";
    private long toldTaken;
    private boolean connected;
    private boolean asleep;
    private boolean sleepSent;
    private boolean goodbyeSent;
    private boolean goodbyeReceived;
    private long closingSince;

    /** @param remote where the peer listens; null if it has not said yet */
    RdmaChannel(RdmaEndpoint endpoint, RdmaOptions options, int peer, long id, InetSocketAddress remote, long now) {
        this.endpoint = endpoint;
        this.options = options;
        this.counters = new RdmaCounters(endpoint.total());
        this.peer = peer;
        this.id = id;
        this.remote = remote;
        this.downSince = now;
        this.nextDial = now;
        this.messages = new MessageSlots(endpoint::registerOwn);
        this.sends = new RegionSends(options.sendWindow());
        this.places = new RegionPlaces(options.receiveWindow());
        this.reception = new Reception(this, messages, sends, counters, endpoint.handler());
    }

    // ---------------------------------------------------------------- what the owner calls

    RdmaCounters counters() {
        return counters;
    }

    @Override
    public long counter(int index) {
        return counters.get(index);
    }

    @Override
    public int peer() {
        return peer;
    }

    @Override
    public ChannelFailure failure() {
        return failure;
    }

    @Override
    public int trySend(MemoryRegion region, long offset, int length, long context) {
        MemoryRegion.check(region, offset, length, RdmaDescriptor.MAX_FRAME);
        if (state != State.OPEN || failure != null) {
            return refusal();
        }
        int body = reception.hasCredit() ? messages.claim(FrameDescriptor.TYPE_FRAME) : -1;
        if (body < 0) {
            return pressBack();
        }
        RdmaRegion from = (RdmaRegion) region;
        if (length <= MessageSlots.COPIED) {
            messages.copy(body, from, offset, length);
            messages.commit(FrameDescriptor.TYPE_FRAME, length, context);
        } else {
            messages.commit(FrameDescriptor.TYPE_FRAME, from, offset, length, context);
        }
        flush();
        return ACCEPTED;
    }

    @Override
    public int trySendRegion(MemoryRegion region, long offset, long length, long context) {
        MemoryRegion.check(region, offset, length, RdmaDescriptor.MAX_REGION);
        if (state != State.OPEN || failure != null) {
            return refusal();
        }
        int code = sends.offer((RdmaRegion) region, offset, length, context);
        return code == ACCEPTED ? code : pressBack();
    }

    @Override
    public int tryReceiveRegion(MemoryRegion region, long offset, long length, long context) {
        MemoryRegion.check(region, offset, length, RdmaDescriptor.MAX_REGION);
        if (state != State.OPEN || failure != null) {
            return refusal();
        }
        RdmaRegion into = (RdmaRegion) region;
        if (places.isFull()
                || !messages.tryPlace(places.nextNumber(), length, into.address(offset), into.remoteKey())) {
            return pressBack();
        }
        places.offer(length, context);
        flush();
        return ACCEPTED;
    }

    @Override
    public int tryWrite(MemoryRegion region, long offset, int length, RemoteRegion remote, long remoteOffset,
            long context) {
        remote.check(remoteOffset, length);
        return tryOneSided(IbvSendWR.IBV_WR_RDMA_WRITE, region, offset, length, remote, remoteOffset, 0, 0, context);
    }

    @Override
    public int tryRead(MemoryRegion region, long offset, int length, RemoteRegion remote, long remoteOffset,
            long context) {
        remote.check(remoteOffset, length);
        return tryOneSided(IbvSendWR.IBV_WR_RDMA_READ, region, offset, length, remote, remoteOffset, 0, 0, context);
    }

    @Override
    public int tryFetchAdd(MemoryRegion region, long offset, RemoteRegion remote, long remoteOffset, long add,
            long context) {
        requireAtomics();
        remote.checkWord(remoteOffset);
        return tryOneSided(IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD, region, offset,
                Long.BYTES, remote, remoteOffset, add, 0, context);
    }

    @Override
    public int tryCompareSwap(MemoryRegion region, long offset, RemoteRegion remote, long remoteOffset, long expected,
            long value, long context) {
        requireAtomics();
        remote.checkWord(remoteOffset);
        return tryOneSided(IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP, region, offset, Long.BYTES, remote, remoteOffset,
                expected, value, context);
    }

    private void requireAtomics() {
        if (!endpoint.hasAtomics()) {
            throw new UnsupportedOperationException(NOT_ONE_SIDED);
        }
    }

    private int tryOneSided(int opcode, MemoryRegion region, long offset, int length, RemoteRegion remote,
            long remoteOffset, long compareAdd, long swap, long context) {
        MemoryRegion.check(region, offset, length, MAX_ONE_SIDED);
        if (state != State.OPEN || failure != null) {
            return refusal();
        }
        int code = oneSided.offer(opcode, (RdmaRegion) region, offset, length, remote, remoteOffset, compareAdd, swap,
                context);
        if (code != ACCEPTED) {
            return pressBack();
        }
        if (isUsable()) {
            oneSided.post(link);
        }
        return ACCEPTED;
    }

    @Override
    public void close() {
        if (state == State.CONNECTING || state == State.OPEN) {
            state = State.CLOSING;
            closingSince = endpoint.now();
        }
    }

    private int refusal() {
        if (failure != null) {
            return FAILED;
        }
        return state == State.CONNECTING ? NOT_CONNECTED : CLOSED;
    }

    private int pressBack() {
        counters.increment(RdmaCounters.Counter.SENDS_PRESSED_BACK);
        return BACK_PRESSURED;
    }

    /** Both ends have said on this queue pair what they have. */
    private boolean isUsable() {
        return link != null && link.state == Link.State.OPEN && resumeSent;
    }

    private int flush() {
        if (!isUsable()) {
            return 0;
        }
        int done = messages.post(link, reception.framesTaken());
        if (done > 0) {
            toldTaken = reception.framesTaken();
        }
        return done;
    }

    // ---------------------------------------------------------------- what links tell

    /** A work request of that link is done. Those of an earlier link count until the next one is resumed. */
    void onDelivered(Link from, Link.Kind kind, long number) {
        if (from == link || link == null) {
            from.lastUse = endpoint.now();
            switch (kind) {
                case MESSAGE -> messages.deliver(number);
                case PIECE, LAST_PIECE -> sends.deliver(number, kind == Link.Kind.LAST_PIECE);
                case ONE_SIDED -> oneSided.deliver(number);
                case CONTROL -> { }
            }
        }
    }

    /** The last piece of a transfer has arrived. */
    void onArrived(Link from, int immediate, int bytes) {
        from.lastUse = endpoint.now();
        if (state != State.CLOSED && failure == null
                && !places.arrive(immediate, bytes, this, endpoint.handler())) {
            fail(ChannelFailure.Cause.BAD_FRAME, "region transfer with immediate data " + immediate + " and " + bytes
                    + " bytes fits no place", true);
        }
    }

    /** A message lies at {@code at} of the receive pool, during this call. */
    void onMessage(Link from, MemorySegment memory, ByteBuffer view, int at, int bytes) {
        if (state == State.CLOSED || failure != null) {
            return;
        }
        from.lastUse = endpoint.now();
        BadFrame bad = reception.take(from, memory, view, at, bytes);
        if (bad != null) {
            fail(ChannelFailure.Cause.BAD_FRAME, "a message from node " + peer + " " + bad.meaning() + ": "
                    + reception.header(), true);
        }
    }

    /** Whether frames are for the owner still. */
    boolean takesFrames() {
        return state == State.OPEN;
    }

    /** @param sleeps whether the queue pair alone goes */
    void onGoodbye(boolean sleeps) {
        asleep |= sleeps;
        goodbyeReceived |= !sleeps;
    }

    /** The peer has said what it has: the new queue pair can be used. */
    BadFrame resume(Link from, MemorySegment memory, int body, int length) {
        if (from != link || from.state != Link.State.RESUMING || length <= RdmaDescriptor.RESUME_ADDRESS_OFFSET
                || length > RdmaDescriptor.RESUME_ADDRESS_OFFSET + EndpointAddress.MAX_BYTES) {
            return from == link ? BadFrame.BODY : null;
        }
        int again = messages.resume(Reception.word(memory, body + RdmaDescriptor.RESUME_RECEIVED_OFFSET));
        int repeated = sends.resume(Reception.word(memory, body + RdmaDescriptor.RESUME_ARRIVED_OFFSET));
        if (again < 0 || repeated < 0) {
            return BadFrame.ACKNOWLEDGED;
        }
        byte[] address = memory.asSlice(body + RdmaDescriptor.RESUME_ADDRESS_OFFSET,
                length - RdmaDescriptor.RESUME_ADDRESS_OFFSET).toArray(ValueLayout.JAVA_BYTE);
        try {
            remote = RdmaAddress.decode(new EndpointAddress(RdmaBackend.NAME, address));
        } catch (IllegalArgumentException e) {
            return BadFrame.BODY;
        }
        if (!oneSided.resume()) {
            fail(ChannelFailure.Cause.PEER_LOST, "the queue pair failed (" + lastBreak
                    + ") while atomic operations were under way: nobody can know whether they were done", true);
            return null;
        }
        counters.add(RdmaCounters.Counter.MESSAGES_RESENT, again);
        counters.add(RdmaCounters.Counter.TRANSFERS_REPEATED, repeated);
        link.state = Link.State.OPEN;
        pause = FIRST_PAUSE_NANOS;
        connected = true;
        if (state == State.CONNECTING) {
            state = State.OPEN;
            endpoint.handler().onConnected(this);
        }
        return null;
    }

    // ---------------------------------------------------------------- what the endpoint calls

    long id() {
        return id;
    }

    /** The id that this channel and the peer's go by from now on, if both have begun it. */
    void setId(long newId) {
        id = newId;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    Link link() {
        return link;
    }

    void setRemote(InetSocketAddress newRemote) {
        remote = newRemote;
    }

    /** A queue pair whose hello is done takes the place of the one there is. */
    void adopt(Link newLink) {
        if (dialling != null && dialling != newLink) {
            endpoint.retire(dialling);
        }
        dialling = null;
        if (link != null) {
            endpoint.retire(link);
        }
        link = newLink;
        link.channel = this;
        link.state = Link.State.RESUMING;
        link.lastUse = endpoint.now();
        resumeSent = false;
        asleep = false;
        sleepSent = false;
        counters.increment(RdmaCounters.Counter.LINKS_CONNECTED);
    }

    /** A dial has failed: this channel's, or one of a channel to the same node that has ended. */
    void onUnreachable(Link failed, ChannelFailure.Cause cause, String description, boolean forGood) {
        endpoint.retire(failed);
        if (failed != dialling) {
            return;
        }
        dialling = null;
        endpoint.admissions().undial(peer);
        nextDial = endpoint.now() + pause;
        pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        lastTry = description;
        if (link == null && forGood) {
            boolean wasUp = state != State.CONNECTING && cause == ChannelFailure.Cause.UNREACHABLE;
            fail(wasUp ? ChannelFailure.Cause.PEER_LOST : cause, description, false);
        }
    }

    /** Fails for a cause that is ours; the peer is told if {@code tell}. */
    void fail(ChannelFailure.Cause cause, String description, boolean tell) {
        if (failure != null || state == State.CLOSED) {
            return;
        }
        failure = new ChannelFailure(cause, "node " + peer + ": " + description);
        tellUntil = endpoint.now();
        if (tell && link != null && messages.tryFailure(cause, description)) {
            tellUntil += options.closeNanos();
        }
    }

    /** Moves everything on; {@code drained}: no completion from before waits. How much was done. */
    int progress(int limit, long now, boolean drained) {
        int done = replaceBroken(now);
        if (link != null && !resumeSent && drained && link.hasRoom(1)) {
            endpoint.sendResume(link, reception.received(), places.arrived(), reception.framesTaken());
            resumeSent = true;
            done++;
        }
        done += flush();
        if (failure != null) {
            boolean told = link == null || messages.isDelivered() || now - tellUntil >= 0;
            return done + (told ? finish() : 0);
        }
        done += reception.deliverHeld(limit);
        done += messages.report(this, endpoint.handler());
        done += sends.report(this, endpoint.handler());
        done += writeRegions();
        done += isUsable() ? oneSided.post(link) : 0;
        done += oneSided.report(this, endpoint.handler());
        if (state == State.CLOSED || failure != null) {
            return done;
        }
        if (reception.framesTaken() - toldTaken >= RdmaDescriptor.CREDITS / 2) {
            acknowledge();
        }
        done += flush();
        dial(now);
        boolean leaves = goodbyeReceived || state == State.CLOSING || state == State.LEAVING;
        return done + (leaves ? leave(now) : 0);
    }

    private int replaceBroken(long now) {
        boolean sleeps = asleep || sleepSent && messages.isDelivered();
        if (link == null || link.broken() == null && !sleeps) {
            return 0;
        }
        if (sleeps) {
            asleep = true;
        } else {
            lastBreak = link.broken();
            lastTry = "";
            counters.increment(RdmaCounters.Counter.LINKS_BROKEN);
        }
        sleepSent = false;
        endpoint.retire(link);
        link = null;
        downSince = now;
        nextDial = now;
        return 1;
    }

    private int writeRegions() {
        if (!isUsable()) {
            return 0;
        }
        try {
            return sends.write(link);
        } catch (RegionTooLongException e) {
            fail(ChannelFailure.Cause.REGION_TOO_LONG, e.getMessage(), true);
            return 1;
        }
    }

    private void acknowledge() {
        if (messages.claim(FrameDescriptor.TYPE_ACKNOWLEDGE) >= 0) {
            messages.commit(FrameDescriptor.TYPE_ACKNOWLEDGE, 0, 0);
            toldTaken = reception.framesTaken();
        }
    }

    /** Gets a queue pair where one is needed: both nodes may try, {@link Admissions} decides. */
    private void dial(long now) {
        if (link != null || asleep && isIdle()) {
            downSince = now;
            return;
        }
        if (now - downSince > options.connectNanos()) {
            fail(state == State.CONNECTING ? ChannelFailure.Cause.UNREACHABLE : ChannelFailure.Cause.PEER_LOST,
                    "no connection to " + remote + " for " + options.connectNanos() / 1_000_000 + " ms (" + lastBreak
                            + (lastBreak.isEmpty() || lastTry.isEmpty() ? "" : "; since then: ") + lastTry + ")",
                            false);
        } else if (dialling == null && remote != null && now - nextDial >= 0 && !goodbyeReceived) {
            id = endpoint.admissions().dial(peer, id); // another one only before the first link
            dialling = endpoint.dial(this, remote);
        }
    }

    /** Whether nothing of this end is under way and nothing is expected. */
    private boolean isIdle() {
        return state == State.OPEN && failure == null && messages.isDelivered() && !sends.isUnderWay()
                && oneSided.isIdle() && places.isEmpty() && !reception.isHolding();
    }

    /** Whether the queue pair may be taken away. */
    boolean maySleep() {
        return isUsable() && !sleepSent && !asleep && isIdle() && !endpoint.isTargetOfAtomics();
    }

    /** Gives the queue pair up, in agreement with the peer. */
    void sleep() {
        if (messages.claim(FrameDescriptor.TYPE_GOODBYE) >= 0) {
            messages.commit(FrameDescriptor.TYPE_GOODBYE, RdmaDescriptor.SLEEP_BYTES, 0);
            sleepSent = true;
            counters.increment(RdmaCounters.Counter.LINKS_DEACTIVATED);
            flush();
        }
    }

    /** Every few milliseconds: credits that wait for company, and a look whether the peer lives. */
    void tick(long now) {
        if (isUsable() && failure == null && (toldTaken < reception.framesTaken()
                || now - link.lastUse > options.silenceNanos())) {
            link.lastUse = now;
            acknowledge();
            flush();
        }
    }

    private int leave(long now) {
        if (goodbyeReceived && state == State.OPEN) {
            if (reception.isHolding()) {
                return 0;
            }
            state = State.LEAVING;
            closingSince = now;
        }
        boolean mayLeave = state == State.LEAVING || !sends.isUnderWay() && oneSided.isIdle();
        if (!goodbyeSent && mayLeave && messages.claim(FrameDescriptor.TYPE_GOODBYE) >= 0) {
            messages.commit(FrameDescriptor.TYPE_GOODBYE, 0, 0);
            goodbyeSent = true;
            flush();
        }
        boolean out = goodbyeSent && goodbyeReceived && messages.isDelivered();
        boolean cut = link == null && (goodbyeReceived || !connected);
        return out || cut || now - closingSince > options.closeNanos() ? finish() : 0;
    }

    /** No byte of this channel moves any more; its memory goes back. */
    private int finish() {
        cut();
        endpoint.handler().onClosed(this, failure);
        return 1;
    }

    /** Ends without a word to the owner. */
    void cut() {
        state = State.CLOSED;
        if (link != null) {
            endpoint.retire(link);
            link = null;
        }
        if (dialling != null) {
            endpoint.retire(dialling);
            dialling = null;
        }
    }

    /** After the last queue pair. */
    void free() {
        messages.close();
    }

    /** Whether the owner has something to do though nothing arrives. */
    boolean isPending() {
        return reception.isHolding() || messages.hasUnreported() || failure != null || state == State.CLOSING
                || state == State.LEAVING || link == null && !(asleep && isIdle()) || link != null
                && link.broken() != null || link != null && !resumeSent;
    }

    @Override
    public String toString() {
        return "rdma channel to node " + peer + (link == null ? "" : ", queue pair " + link.queuePairNumber());
    }
}
