package org.isthmus.tcpx;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.spi.MemoryRegion;
import org.isthmus.node.spi.RegionTooLongException;
import org.isthmus.node.wire.BadFrame;
import org.isthmus.node.wire.FrameDescriptor;
import org.isthmus.node.wire.FrameFlyweight;

/**
 * The connection with one node over several sockets. One of them leads: it carries the {@link SendStream}; chunks go over
 * all. A socket that breaks is replaced; what it may have lost is sent again over the others, and what comes twice is
 * dropped by its number. The channel fails when no socket is left for the time of the settings.
 *
 * <pre>
 *  CONNECTING --first socket--> OPEN --close()--> CLOSING --goodbye of both--> CLOSED
 *                                 |--goodbye of the peer--> LEAVING --ours is out--> CLOSED
 *  any --fail()--> CLOSED
 * </pre>
 *
 * CLOSED channels are kept by the endpoint until the peer has read their last message.
 */
final class TcpxChannel implements Channel {
    private enum State { CONNECTING, OPEN, CLOSING, LEAVING, CLOSED }

    private static final int MAX_BAD_FRAMES = 8;
    private static final int CONTEXTS = 2048;
    private static final int CHUNKS_PER_POLL = 32;
    private static final int ACKNOWLEDGE_BYTES = SendStream.CAPACITY / 4;

    private final TcpxEndpoint endpoint;
    private final TcpxOptions options;
    private final TcpxCounters counters;
    private final int peer;
    private long id;
    private final Link[] links = new Link[TcpxEndpoint.MAX_LINKS];
    private final SendStream stream = new SendStream();
    private final ReceiveStream received = new ReceiveStream();
    private final SendRequests sends;
    private final ReceiveRequests receives;
    private final BouncePool bounces;
    private final ChunkSchedule schedule;
    private final long[] contexts = new long[CONTEXTS];
    private long framesAccepted;
    private long framesReported;
    private long arrivedReported;
    private State state = State.CONNECTING;
    private ChannelFailure failure;
    private Link lead;
    private int liveLinks;
    private long downSince;
    private String lastBreak = "";
    private int badFrames;
    private long bytesSinceAcknowledged;
    private long acknowledgedToPeer;
    private int creditsToPeer = ReceiveStream.CREDITS;
    private boolean goodbyeSent;
    private boolean goodbyeReceived;
    private long closingSince;

    TcpxChannel(TcpxEndpoint endpoint, TcpxOptions options, Unpacker unpacker, int peer, long id, long now) {
        this.endpoint = endpoint;
        this.options = options;
        this.counters = new TcpxCounters(endpoint.total());
        this.peer = peer;
        this.id = id;
        this.downSince = now;
        this.sends = new SendRequests(options.sendWindow(), options.chunkBytes());
        this.receives = new ReceiveRequests(options.receiveWindow(), options.chunkBytes());
        this.bounces = options.bounce() ? new BouncePool(unpacker, receives, options.chunkBytes()) : null;
        this.schedule = new ChunkSchedule(options.leastLoaded(), options.chunkBytes());
    }

    // ---------------------------------------------------------------- what the owner calls

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
        MemoryRegion.check(region, offset, length, TcpxEndpoint.MAX_FRAME);
        if (state != State.OPEN) {
            return refusal();
        }
        if (framesAccepted - framesReported == CONTEXTS) {
            return pressBack();
        }
        int body = stream.claim(FrameDescriptor.TYPE_FRAME, length);
        if (body < 0) {
            return pressBack();
        }
        TcpxRegion from = (TcpxRegion) region;
        stream.ring().put(body, from.view(offset, length), (int) (offset & TcpxRegion.OFFSET_MASK), length);
        commit(FrameDescriptor.TYPE_FRAME, length);
        contexts[(int) (framesAccepted++ % CONTEXTS)] = context;
        flushLead();
        return ACCEPTED;
    }

    @Override
    public int trySendRegion(MemoryRegion region, long offset, long length, long context) {
        MemoryRegion.check(region, offset, length, endpoint.maxRegion());
        if (state != State.OPEN) {
            return refusal();
        }
        int code = sends.offer((TcpxRegion) region, offset, length, context);
        return code == ACCEPTED ? code : pressBack();
    }

    @Override
    public int tryReceiveRegion(MemoryRegion region, long offset, long length, long context) {
        MemoryRegion.check(region, offset, length, endpoint.maxRegion());
        if (state != State.OPEN) {
            return refusal();
        }
        int body = receives.isFull() ? -1 : stream.claim(FrameDescriptor.TYPE_PLACE, ChunkDescriptor.PLACE_BYTES);
        if (body < 0) {
            return pressBack();
        }
        stream.ring().putLong(body + ChunkDescriptor.PLACE_REQUEST_OFFSET, receives.nextNumber());
        stream.ring().putLong(body + ChunkDescriptor.PLACE_LENGTH_OFFSET, length);
        receives.offer((TcpxRegion) region, offset, length, context);
        commit(FrameDescriptor.TYPE_PLACE, ChunkDescriptor.PLACE_BYTES);
        flushLead();
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
        counters.increment(TcpxCounters.Counter.SENDS_PRESSED_BACK);
        return BACK_PRESSURED;
    }

    private void commit(byte type, int length) {
        stream.commit(type, length, received.received(), received.credits());
        rememberAcknowledgement();
    }

    private void flushLead() {
        if (lead != null && !lead.isBlocked()) {
            lead.flush(endpoint.now());
        }
    }

    // ---------------------------------------------------------------- what links ask

    SendStream stream() {
        return stream;
    }

    SendRequests sends() {
        return sends;
    }

    ReceiveRequests receives() {
        return receives;
    }

    /** Null if pieces go straight into their places. */
    BouncePool bounces() {
        return bounces;
    }

    @Override
    public long counter(int index) {
        return counters.get(index);
    }

    TcpxCounters counters() {
        return counters;
    }

    ByteBuffer discard() {
        return endpoint.discard();
    }

    int maxBody() {
        return Math.max(TcpxEndpoint.MAX_FRAME, options.chunkBytes() + ChunkDescriptor.PREFIX_BYTES);
    }

    boolean isLead(Link link) {
        return link == lead;
    }

    /** Completes a header that is not part of the stream. */
    void seal(FrameFlyweight header) {
        header.seal(received.received(), received.credits());
        rememberAcknowledgement();
    }

    private void rememberAcknowledgement() {
        acknowledgedToPeer = received.received();
        creditsToPeer = received.credits();
        bytesSinceAcknowledged = 0;
    }

    void onAcknowledged(FrameFlyweight header) {
        stream.acknowledge(header.acknowledged(), header.credits());
    }

    void onBadFrame(BadFrameException e) {
        counters.badFrame(e.frameCause());
        badFrames++;
        if (badFrames >= MAX_BAD_FRAMES) {
            fail(ChannelFailure.Cause.BAD_FRAME, badFrames + " bad frames, the last: " + e.getMessage(), true);
        }
    }

    /** A whole message that is no chunk, its body at {@code at}. */
    void onMessage(FrameFlyweight header, ByteBuffer in, MemorySegment inMemory, int at) throws BadFrameException {
        onAcknowledged(header);
        if (header.type() == FrameDescriptor.TYPE_ACKNOWLEDGE) {
            require(header.length() == 0, BadFrame.BODY, header);
            return;
        }
        if (received.isDuplicate(header.sequence())) {
            counters.increment(TcpxCounters.Counter.MESSAGES_DUPLICATE);
            bytesSinceAcknowledged += ACKNOWLEDGE_BYTES;
            return;
        }
        require(received.isNext(header.sequence()), BadFrame.SEQUENCE, header);
        received.advance();
        bytesSinceAcknowledged += FrameDescriptor.HEADER_BYTES + header.length();
        switch (header.type()) {
            case FrameDescriptor.TYPE_FRAME -> onFrame(header, inMemory, at);
            case FrameDescriptor.TYPE_PLACE -> require(header.length() == ChunkDescriptor.PLACE_BYTES
                    && sends.place(in.getLong(at + ChunkDescriptor.PLACE_REQUEST_OFFSET),
                            in.getLong(at + ChunkDescriptor.PLACE_LENGTH_OFFSET)), BadFrame.BODY, header);
            case FrameDescriptor.TYPE_ARRIVED -> require(header.length() == ChunkDescriptor.ARRIVED_BYTES
                    && sends.arrived(in.getLong(at + ChunkDescriptor.ARRIVED_REQUEST_OFFSET)), BadFrame.BODY, header);
            case FrameDescriptor.TYPE_GOODBYE -> goodbyeReceived = true;
            case FrameDescriptor.TYPE_FAILURE -> onPeerFailure(header, in, at);
            default -> throw new BadFrameException(BadFrame.TYPE, header.toString());
        }
    }

    private void onFrame(FrameFlyweight header, MemorySegment inMemory, int at) throws BadFrameException {
        require(header.length() > 0, BadFrame.BODY, header);
        if (state == State.OPEN) {
            require(received.deliver(this, endpoint.handler(), inMemory, at, header.length()), BadFrame.CREDITS, header);
            if (received.isHolding()) {
                counters.increment(TcpxCounters.Counter.FRAMES_HELD);
            }
        }
    }

    private void onPeerFailure(FrameFlyweight header, ByteBuffer in, int at) throws BadFrameException {
        ChannelFailure.Cause[] causes = ChannelFailure.Cause.values();
        require(header.length() > 1 && header.length() <= ChunkDescriptor.MAX_FAILURE_BYTES && in.get(at) >= 0
                && in.get(at) < causes.length, BadFrame.BODY, header);
        byte[] text = new byte[header.length() - 1];
        in.get(at + 1, text);
        fail(causes[in.get(at)], "it says: " + new String(text, StandardCharsets.UTF_8), false);
    }

    private static void require(boolean holds, BadFrame otherwise, FrameFlyweight header) throws BadFrameException {
        if (!holds) {
            throw new BadFrameException(otherwise, header.toString());
        }
    }

    // ---------------------------------------------------------------- what the endpoint calls

    long id() {
        return id;
    }

    /** Takes the id of the peer, which began a channel at the same time; false if it is too late for that. */
    boolean giveWay(long newId) {
        if (state != State.CONNECTING || liveLinks > 0 || failure != null) {
            return false;
        }
        id = newId;
        return true;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    int liveLinks() {
        return liveLinks;
    }

    /** A socket whose hello is done. */
    void adopt(Link link) {
        if (links[link.slot] != null) {
            links[link.slot].breakWith("replaced by a new connection");
            dropLink(links[link.slot]);
        }
        links[link.slot] = link;
        liveLinks++;
        counters.increment(TcpxCounters.Counter.LINKS_CONNECTED);
        if (lead == null) {
            lead = link;
            link.lead();
        }
        link.acknowledge();
        if (state == State.CONNECTING) {
            state = State.OPEN; // before anything is read from the socket
            endpoint.handler().onConnected(this);
        }
    }

    /** All ways of making a connection have failed for now. */
    void onUnreachable(ChannelFailure.Cause cause, String description, boolean forGood) {
        if (liveLinks == 0 && (forGood || endpoint.now() - downSince > options.connectNanos())) {
            boolean wasUp = state != State.CONNECTING && cause == ChannelFailure.Cause.UNREACHABLE;
            fail(wasUp ? ChannelFailure.Cause.PEER_LOST : cause,
                    wasUp ? "all connections are lost (" + lastBreak + "); " + description : description, false);
        }
    }

    /** Fails for a cause that is ours; the peer is told if {@code tell}. */
    void fail(ChannelFailure.Cause cause, String description, boolean tell) {
        if (failure != null || state == State.CLOSED) {
            return;
        }
        failure = new ChannelFailure(cause, "node " + peer + ": " + description);
        if (tell) {
            byte[] text = description.getBytes(StandardCharsets.UTF_8);
            int length = Math.min(text.length, ChunkDescriptor.MAX_FAILURE_BYTES - 1) + 1;
            int body = stream.claim(FrameDescriptor.TYPE_FAILURE, length);
            if (body >= 0) {
                stream.ring().put(body, (byte) cause.ordinal()).put(body + 1, text, 0, length - 1);
                commit(FrameDescriptor.TYPE_FAILURE, length);
            }
        }
    }

    /** Moves everything on; how much was done. */
    int progress(int limit, long now) {
        ChannelHandler handler = endpoint.handler();
        int done = replaceBroken(now);
        if (failure == null) {
            done += receive(handler, limit, now);
            done += send(handler, now);
        }
        if (failure != null) {
            return done + finish(handler, now);
        }
        boolean leaves = goodbyeReceived || state == State.CLOSING || state == State.LEAVING;
        return done + (leaves ? leave(handler, now) : 0);
    }

    private int receive(ChannelHandler handler, int limit, long now) {
        int done = state == State.OPEN ? received.deliverHeld(this, handler, limit) : 0;
        if (bounces != null) {
            done += bounces.poll();
            for (Link link : links) {
                done += link == null ? 0 : link.resume(now);
            }
        }
        done += receives.report(this, handler);
        if (arrivedReported < receives.arrived()) {
            int body = stream.claim(FrameDescriptor.TYPE_ARRIVED, ChunkDescriptor.ARRIVED_BYTES);
            if (body >= 0) {
                stream.ring().putLong(body + ChunkDescriptor.ARRIVED_REQUEST_OFFSET, receives.arrived() - 1);
                commit(FrameDescriptor.TYPE_ARRIVED, ChunkDescriptor.ARRIVED_BYTES);
                arrivedReported = receives.arrived();
            }
        }
        boolean creditsRose = received.credits() - creditsToPeer > ReceiveStream.CREDITS / 4
                || received.credits() == ReceiveStream.CREDITS && creditsToPeer < ReceiveStream.CREDITS;
        if (lead != null && (bytesSinceAcknowledged >= ACKNOWLEDGE_BYTES || creditsRose)) {
            lead.acknowledge();
        }
        return done;
    }

    private int send(ChannelHandler handler, long now) {
        int done = 0;
        while (framesReported < framesAccepted) {
            handler.onSent(this, contexts[(int) (framesReported++ % CONTEXTS)]);
            done++;
        }
        done += sends.report(this, handler);
        try {
            for (int i = 0; i < CHUNKS_PER_POLL; i++) {
                long chunk = sends.nextChunk();
                Link link = chunk < 0 ? null : schedule.choose(links, liveLinks > 1 ? lead : null);
                if (link == null) {
                    break;
                }
                sends.assign(chunk, link.slot);
                link.enqueue(chunk);
                flush(link, now);
                done++;
            }
        } catch (RegionTooLongException e) {
            fail(ChannelFailure.Cause.REGION_TOO_LONG, e.getMessage(), true);
        }
        for (Link link : links) {
            flush(link, now);
        }
        return done;
    }

    /** Before the owner sleeps: what can go out goes out. */
    void flushAll(long now) {
        for (Link link : links) {
            flush(link, now);
        }
    }

    private static void flush(Link link, long now) {
        if (link != null && !link.isBlocked()) {
            link.flush(now);
        }
    }

    /** Every few milliseconds: acknowledgements that wait for company, and life signs. */
    void tick(long now, boolean ownerWasAway) {
        if (lead != null && acknowledgedToPeer < received.received()) {
            lead.acknowledge();
        }
        for (Link link : links) {
            if (link != null && ownerWasAway) {
                link.forgiveSilence(now);
            } else if (link != null) {
                link.tick(now, options.silenceNanos());
            }
        }
        if (liveLinks == 0 && failure == null && state != State.CLOSED && now - downSince > options.connectNanos()) {
            fail(state == State.CONNECTING ? ChannelFailure.Cause.UNREACHABLE : ChannelFailure.Cause.PEER_LOST,
                    "no connection for " + options.connectNanos() / 1_000_000 + " ms (" + lastBreak + ")", false);
        }
    }

    private int replaceBroken(long now) {
        int done = 0;
        for (Link link : links) {
            if (link != null && link.broken() != null) {
                dropLink(link);
                counters.increment(TcpxCounters.Counter.LINKS_BROKEN);
                if (liveLinks == 0) {
                    downSince = now;
                }
                if (failure == null && !goodbyeReceived) {
                    endpoint.redial(this, link.slot);
                }
                done++;
            }
        }
        return done;
    }

    private void dropLink(Link link) {
        lastBreak = "socket " + link.slot + ": " + link.broken();
        links[link.slot] = null;
        liveLinks--;
        link.close();
        counters.add(TcpxCounters.Counter.CHUNKS_RESENT, sends.unassign(link.slot));
        if (link == lead) {
            lead = null;
            for (Link other : links) {
                if (other != null && lead == null) {
                    lead = other;
                    other.lead();
                }
            }
        }
    }

    private int leave(ChannelHandler handler, long now) {
        if (goodbyeReceived && state == State.OPEN) {
            if (received.isHolding()) {
                return 0;
            }
            state = State.LEAVING;
            closingSince = now;
        }
        boolean late = now - closingSince > options.closeNanos();
        if (!goodbyeSent && (state == State.LEAVING || !sends.isUnderWay())
                && stream.claim(FrameDescriptor.TYPE_GOODBYE, 0) >= 0) {
            commit(FrameDescriptor.TYPE_GOODBYE, 0);
            goodbyeSent = true;
            flushLead();
        }
        boolean out = goodbyeSent && goodbyeReceived && !stream.hasUnsent();
        return out || late || liveLinks == 0 ? finish(handler, now) : 0;
    }

    private int finish(ChannelHandler handler, long now) {
        boolean initiator = state == State.CLOSING;
        state = State.CLOSED;
        closingSince = now;
        flushLead();
        handler.onClosed(this, failure);
        if (initiator && failure == null) {
            closeLinks();
        }
        return 1;
    }

    /** After the end: true once the peer has closed too, or has taken too long. */
    boolean isGone(long now) {
        boolean open = false;
        for (Link link : links) {
            if (link != null && link.broken() == null) {
                flush(link, now);
                open = true;
            }
        }
        if (open && now - closingSince <= options.closeNanos()) {
            return false;
        }
        closeLinks();
        return true;
    }

    /** Closes all sockets at once. */
    void closeLinks() {
        for (int i = 0; i < links.length; i++) {
            if (links[i] != null) {
                links[i].close();
                links[i] = null;
            }
        }
        liveLinks = 0;
        lead = null;
    }

    /** Whether the owner has something to do though no socket has. */
    boolean isPending() {
        return framesReported < framesAccepted || received.isHolding() || bounces != null && bounces.isUnpacking()
                || failure != null || state == State.CLOSING || state == State.LEAVING;
    }

    /** Breaks the socket of that slot, as a network would; for tests. */
    boolean breakLink(int slot, String cause) {
        if (links[slot] == null) {
            return false;
        }
        links[slot].breakWith(cause);
        return true;
    }

    @Override
    public String toString() {
        return "tcpx channel to node " + peer + ", " + liveLinks + " sockets";
    }
}
