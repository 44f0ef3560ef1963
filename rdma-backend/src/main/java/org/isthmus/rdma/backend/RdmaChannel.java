package org.isthmus.rdma.backend;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.spi.EndpointAddress;
import org.isthmus.node.spi.MemoryRegion;
import org.isthmus.node.spi.RegionTooLongException;
import org.isthmus.node.wire.BadFrame;
import org.isthmus.node.wire.FrameDescriptor;
import org.isthmus.node.wire.FrameFlyweight;

/**
 * The connection with one node: one queue pair at a time. When it fails, either node makes another, and both say on it what
 * they have, so that what is missing is sent again and nothing twice. A channel that is unused may lose its queue pair to
 * others and sleeps; it gets another one when it is used.
 *
 * <pre>
 *  CONNECTING --first ARRIVED--> OPEN --close()--> CLOSING --goodbye of both--> CLOSED
 *                                  |--goodbye of the peer--> LEAVING --ours is out--> CLOSED
 *  any --fail()--> CLOSED, when the peer was told or a moment is over
 * </pre>
 *
 * Memory goes back to the owner only after the queue pair was put into the error state: nobody can write to it then. The
 * class is long because every message and every ending looks at all of this state; what has none of it is elsewhere.
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
    private final FrameFlyweight header = new FrameFlyweight();
    private final HeldFrames held = new HeldFrames();
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
    private long received;
    private long framesTaken;
    private long toldTaken;
    private long peerTaken;
    private int peerCredits;
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
        int body = messages.framesSent() - peerTaken < peerCredits ? messages.claim(FrameDescriptor.TYPE_FRAME) : -1;
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
        int body = places.isFull() ? -1 : messages.claim(FrameDescriptor.TYPE_PLACE);
        if (body < 0) {
            return pressBack();
        }
        RdmaRegion into = (RdmaRegion) region;
        messages.view().putLong(body + RdmaDescriptor.PLACE_NUMBER_OFFSET, places.nextNumber())
                .putLong(body + RdmaDescriptor.PLACE_LENGTH_OFFSET, length)
                .putLong(body + RdmaDescriptor.PLACE_ADDRESS_OFFSET, into.address(offset))
                .putInt(body + RdmaDescriptor.PLACE_KEY_OFFSET, into.remoteKey());
        places.offer(length, context);
        messages.commit(FrameDescriptor.TYPE_PLACE, RdmaDescriptor.PLACE_BYTES, 0);
        flush();
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
        int done = messages.post(link, framesTaken);
        if (done > 0) {
            toldTaken = framesTaken;
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
        header.wrap(view, at);
        BadFrame bad = bytes < FrameDescriptor.HEADER_BYTES ? BadFrame.LENGTH
                : header.check(RdmaDescriptor.MAX_FRAME, messages.framesSent());
        int body = at + FrameDescriptor.HEADER_BYTES;
        int length = bytes - FrameDescriptor.HEADER_BYTES;
        if (bad == null && header.length() != length) {
            bad = BadFrame.LENGTH;
        } else if (bad == null && header.type() == FrameDescriptor.TYPE_ARRIVED) {
            bad = resume(from, memory, body, length);
        } else if (bad == null && header.sequence() <= received) {
            counters.increment(RdmaCounters.Counter.MESSAGES_DUPLICATE);
        } else if (bad == null) {
            bad = header.sequence() == received + 1 && from.state.compareTo(Link.State.OPEN) >= 0
                    ? take(memory, body, length) : BadFrame.SEQUENCE;
        }
        if (bad != null) {
            fail(ChannelFailure.Cause.BAD_FRAME, "a message from node " + peer + " " + bad.meaning() + ": " + header, true);
        } else {
            peerTaken = Math.max(peerTaken, header.acknowledged());
            peerCredits = header.credits();
        }
    }

    private BadFrame take(MemorySegment memory, int body, int length) {
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
                asleep |= length == RdmaDescriptor.SLEEP_BYTES;
                goodbyeReceived |= length == 0;
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

    private static long word(MemorySegment memory, long at) {
        return memory.get(RdmaEndpoint.LONG, at);
    }

    private void takeFrame(MemorySegment memory, int body, int length) {
        if (state != State.OPEN) {
            return;
        }
        if (held.isEmpty() && endpoint.handler().onFrame(this, memory, body, length)) {
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
        fail(causes[memory.get(ValueLayout.JAVA_BYTE, body)], "it says: " + new String(text, StandardCharsets.UTF_8), false);
        return null;
    }

    /** The peer has said what it has: the new queue pair can be used. */
    private BadFrame resume(Link from, MemorySegment memory, int body, int length) {
        if (from != link || from.state != Link.State.RESUMING || length <= RdmaDescriptor.RESUME_ADDRESS_OFFSET
                || length > RdmaDescriptor.RESUME_ADDRESS_OFFSET + EndpointAddress.MAX_BYTES) {
            return from == link ? BadFrame.BODY : null;
        }
        int again = messages.resume(word(memory, body + RdmaDescriptor.RESUME_RECEIVED_OFFSET));
        int repeated = sends.resume(word(memory, body + RdmaDescriptor.RESUME_ARRIVED_OFFSET));
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
        counters.add(RdmaCounters.Counter.MESSAGES_RESENT, again);
        counters.add(RdmaCounters.Counter.TRANSFERS_REPEATED, repeated);
        link.state = Link.State.OPEN;
        pause = FIRST_PAUSE_NANOS;
        connected = true;
        if (state == State.CONNECTING) {
            state = State.OPEN;
            peerCredits = header.credits();
            endpoint.handler().onConnected(this);
        }
        return null;
    }

    // ---------------------------------------------------------------- what the endpoint calls

    long id() {
        return id;
    }

    /** Takes the id of the peer, which began a channel at the same time; false if it is too late for that. */
    boolean giveWay(long newId) {
        if (state != State.CONNECTING || link != null || failure != null) {
            return false;
        }
        id = newId;
        return true;
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

    /** The dial has failed. */
    void onUnreachable(Link failed, ChannelFailure.Cause cause, String description, boolean forGood) {
        endpoint.retire(failed);
        if (failed != dialling) {
            return;
        }
        dialling = null;
        endpoint.admissions().setDialling(peer, false);
        nextDial = endpoint.now() + pause;
        pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        lastBreak = lastBreak.isEmpty() || forGood ? description : lastBreak;
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
        int body = tell && link != null ? messages.claim(FrameDescriptor.TYPE_FAILURE) : -1;
        if (body >= 0) {
            byte[] text = description.getBytes(StandardCharsets.UTF_8);
            int length = Math.min(text.length, RdmaDescriptor.MAX_FAILURE_BYTES - 1) + 1;
            messages.view().put(body, (byte) cause.ordinal()).put(body + 1, text, 0, length - 1);
            messages.commit(FrameDescriptor.TYPE_FAILURE, length, 0);
            tellUntil += options.closeNanos();
        }
    }

    /** Moves everything on; {@code drained}: no completion from before waits. How much was done. */
    int progress(int limit, long now, boolean drained) {
        int done = replaceBroken(now);
        if (link != null && !resumeSent && drained && link.hasRoom(1)) {
            endpoint.sendResume(link, received, places.arrived(), framesTaken);
            resumeSent = true;
            done++;
        }
        done += flush();
        if (failure != null) {
            boolean told = link == null || messages.isDelivered() || now - tellUntil >= 0;
            return done + (told ? finish() : 0);
        }
        done += deliverHeld(limit);
        done += messages.report(this, endpoint.handler());
        done += sends.report(this, endpoint.handler());
        done += writeRegions();
        if (state == State.CLOSED || failure != null) {
            return done;
        }
        if (framesTaken - toldTaken >= RdmaDescriptor.CREDITS / 2) {
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
            counters.increment(RdmaCounters.Counter.LINKS_BROKEN);
        }
        sleepSent = false;
        endpoint.retire(link);
        link = null;
        downSince = now;
        nextDial = now;
        return 1;
    }

    private int deliverHeld(int limit) {
        int done = state == State.OPEN ? held.deliver(this, endpoint.handler(), limit) : 0;
        framesTaken += done;
        return done;
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
            toldTaken = framesTaken;
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
                    "no connection for " + options.connectNanos() / 1_000_000 + " ms (" + lastBreak + ")", false);
        } else if (dialling == null && remote != null && now - nextDial >= 0 && !goodbyeReceived) {
            endpoint.admissions().setDialling(peer, true);
            dialling = endpoint.dial(this, remote);
        }
    }

    /** Whether nothing of this end is under way and nothing is expected. */
    private boolean isIdle() {
        return state == State.OPEN && failure == null && messages.isDelivered() && !sends.isUnderWay()
                && places.isEmpty() && held.isEmpty();
    }

    /** Whether the queue pair may be taken away. */
    boolean maySleep() {
        return isUsable() && !sleepSent && !asleep && isIdle();
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
        if (isUsable() && failure == null && (toldTaken < framesTaken
                || now - link.lastUse > options.silenceNanos())) {
            link.lastUse = now;
            acknowledge();
            flush();
        }
    }

    private int leave(long now) {
        if (goodbyeReceived && state == State.OPEN) {
            if (!held.isEmpty()) {
                return 0;
            }
            state = State.LEAVING;
            closingSince = now;
        }
        boolean mayLeave = state == State.LEAVING || !sends.isUnderWay();
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
        return !held.isEmpty() || messages.hasUnreported() || failure != null || state == State.CLOSING || state == State.LEAVING
                || link == null && !(asleep && isIdle()) || link != null && link.broken() != null
                || link != null && !resumeSent;
    }

    @Override
    public String toString() {
        return "rdma channel to node " + peer + (link == null ? "" : ", queue pair " + link.queuePairNumber());
    }
}
