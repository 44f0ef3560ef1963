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
 * The connection with one node over several sockets ({@link LinkSet}), or with its chunks over the lanes of a plugin
 * ({@link PluginLanes}). A socket that breaks is replaced; what it may have lost is sent again over the others, and
 * what comes twice is dropped by its number. The channel fails when no socket is left for the time of the settings, or
 * when the plugin fails.
 *
 * <pre>
 *  CONNECTING --first socket--> OPEN --close()--> CLOSING --goodbye of both--> CLOSED
 *                                 |--goodbye of the peer--> LEAVING --ours is out--> CLOSED
 *  any --fail()--> CLOSED
 * </pre>
 *
 * CLOSED channels are kept by the endpoint until the peer has read their last message.
 *
 * <p>All steps between states are here, hence its length; what moves bytes is in classes of its own.
 */
final class TcpxChannel implements Channel {
    private enum State { CONNECTING, OPEN, CLOSING, LEAVING, CLOSED }

    private static final int MAX_BAD_FRAMES = 8;
    /** A peer that closes may close its lanes before its goodbye is read. */
    private static final long LANE_GRACE_NANOS = 50_000_000;

    private final TcpxEndpoint endpoint;
    private final TcpxOptions options;
    private final TcpxCounters counters;
    private final int peer;
    private long id;
    private final LinkSet links;
    private final PluginLanes lanes;
    private final SendStream stream = new SendStream();
    private final ReceiveStream received = new ReceiveStream();
    private final SendRequests sends;
    private final ReceiveRequests receives;
    private final BouncePool bounces;
    private final FrameContexts contexts = new FrameContexts();
    private long arrivedReported;
    private State state = State.CONNECTING;
    private ChannelFailure failure;
    private int badFrames;
    private boolean goodbyeSent;
    private boolean goodbyeReceived;
    private long closingSince;

    TcpxChannel(TcpxEndpoint endpoint, TcpxOptions options, Unpacker unpacker, int peer, long id, long now) {
        this.endpoint = endpoint;
        this.options = options;
        this.counters = new TcpxCounters(endpoint.total());
        this.peer = peer;
        this.id = id;
        this.sends = new SendRequests(options.sendWindow(), options.chunkBytes());
        this.receives = new ReceiveRequests(options.receiveWindow(), options.chunkBytes());
        this.bounces = options.bounce() ? new BouncePool(unpacker, receives, options.chunkBytes()) : null;
        this.links = new LinkSet(options, counters, sends, now);
        this.lanes = endpoint.plugin() == null ? null
                : new PluginLanes(endpoint.plugin(), options, counters, sends, receives, unpacker, now);
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
        if (contexts.isFull()) {
            return pressBack();
        }
        int body = stream.claim(FrameDescriptor.TYPE_FRAME, length);
        if (body < 0) {
            return pressBack();
        }
        TcpxRegion from = (TcpxRegion) region;
        stream.ring().put(body, from.view(offset, length), (int) (offset & TcpxRegion.OFFSET_MASK), length);
        commit(FrameDescriptor.TYPE_FRAME, length);
        contexts.add(context);
        links.flushLead(endpoint.now());
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
        links.flushLead(endpoint.now());
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
        received.told();
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
        return link == links.lead();
    }

    /** Completes a header that is not part of the stream. */
    void seal(FrameFlyweight header) {
        header.seal(received.received(), received.credits());
        received.told();
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
            received.repeat();
            return;
        }
        require(received.isNext(header.sequence()), BadFrame.SEQUENCE, header);
        received.advance(FrameDescriptor.HEADER_BYTES + header.length());
        switch (header.type()) {
            case FrameDescriptor.TYPE_FRAME -> onFrame(header, inMemory, at);
            case FrameDescriptor.TYPE_PLACE -> require(header.length() == ChunkDescriptor.PLACE_BYTES
                    && sends.place(in.getLong(at + ChunkDescriptor.PLACE_REQUEST_OFFSET),
                            in.getLong(at + ChunkDescriptor.PLACE_LENGTH_OFFSET)), BadFrame.BODY, header);
            case FrameDescriptor.TYPE_ARRIVED -> require(header.length() == ChunkDescriptor.ARRIVED_BYTES
                    && sends.arrived(in.getLong(at + ChunkDescriptor.ARRIVED_REQUEST_OFFSET)), BadFrame.BODY, header);
            case FrameDescriptor.TYPE_GOODBYE -> goodbyeReceived = true;
            case FrameDescriptor.TYPE_FAILURE -> onPeerFailure(header, in, at);
            case FrameDescriptor.TYPE_LANE -> onLane(header, in, at);
            default -> throw new BadFrameException(BadFrame.TYPE, header.toString());
        }
    }

    private void onFrame(FrameFlyweight header, MemorySegment inMemory, int at) throws BadFrameException {
        require(header.length() > 0, BadFrame.BODY, header);
        if (state == State.OPEN) {
            require(received.deliver(this, endpoint.handler(), inMemory, at, header.length()),
                    BadFrame.CREDITS, header);
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

    private void onLane(FrameFlyweight header, ByteBuffer in, int at) throws BadFrameException {
        require(header.length() == LaneDescriptor.BYTES, BadFrame.BODY, header);
        String wrong = lanes == null
                ? "engine plugin there and sockets here: set isthmus.tcpx.engine equal on all nodes"
                : lanes.onAnnounced(in, at);
        if (wrong != null) {
            fail(ChannelFailure.Cause.REFUSED, wrong, true);
        }
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
        if (state != State.CONNECTING || links.live() > 0 || failure != null) {
            return false;
        }
        id = newId;
        return true;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    int liveLinks() {
        return links.live();
    }

    /** A socket whose hello is done. */
    void adopt(Link link) {
        links.add(link);
        if (state == State.CONNECTING) {
            state = State.OPEN; // before anything is read from the socket
            endpoint.handler().onConnected(this);
        }
    }

    /** All ways of making a connection have failed for now. */
    void onUnreachable(ChannelFailure.Cause cause, String description, boolean forGood) {
        if (links.live() == 0 && (forGood || endpoint.now() - links.downSince() > options.connectNanos())) {
            boolean wasUp = state != State.CONNECTING && cause == ChannelFailure.Cause.UNREACHABLE;
            fail(wasUp ? ChannelFailure.Cause.PEER_LOST : cause,
                    wasUp ? "all connections are lost (" + links.lastBreak() + "); " + description : description,
                    false);
        } else if (state == State.CONNECTING) {
            links.onUnreachable(description);
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
            done += lanes == null ? 0 : moveLanes(now);
            done += receive(handler, limit, now);
            done += send(handler, now);
        }
        if (failure != null) {
            return done + finish(handler, now);
        }
        closingSince = done > 0 ? now : closingSince; // what still moves is waited for
        boolean leaves = goodbyeReceived || state == State.CLOSING || state == State.LEAVING;
        return done + (leaves ? leave(handler, now) : 0);
    }

    private int receive(ChannelHandler handler, int limit, long now) {
        int done = state == State.OPEN ? received.deliverHeld(this, handler, limit) : 0;
        if (bounces != null) {
            done += bounces.poll();
        }
        done += links.resume(now);
        done += receives.report(this, handler);
        if (arrivedReported < receives.arrived()) {
            int body = stream.claim(FrameDescriptor.TYPE_ARRIVED, ChunkDescriptor.ARRIVED_BYTES);
            if (body >= 0) {
                stream.ring().putLong(body + ChunkDescriptor.ARRIVED_REQUEST_OFFSET, receives.arrived() - 1);
                commit(FrameDescriptor.TYPE_ARRIVED, ChunkDescriptor.ARRIVED_BYTES);
                arrivedReported = receives.arrived();
            }
        }
        if (links.lead() != null && received.mustTell()) {
            links.lead().acknowledge();
        }
        return done;
    }

    private int send(ChannelHandler handler, long now) {
        int done = contexts.report(this, handler) + sends.report(this, handler);
        try {
            done += lanes == null ? links.sendChunks(now) : 0;
        } catch (RegionTooLongException e) {
            fail(ChannelFailure.Cause.REGION_TOO_LONG, e.getMessage(), true);
        }
        links.flush(now);
        return done;
    }

    /** Before the owner sleeps: what can go out goes out. */
    void flushAll(long now) {
        links.flush(now);
    }

    /** Whether the peer does not know yet of all that has come. */
    boolean owesAcknowledgement() {
        return links.lead() != null && received.hasUntold();
    }

    /** Every few milliseconds: acknowledgements that wait for company, and life signs. */
    void tick(long now, boolean ownerWasAway) {
        if (owesAcknowledgement()) {
            links.lead().acknowledge();
        }
        links.tick(now, ownerWasAway, options.silenceNanos());
        if (links.live() == 0 && failure == null && state != State.CLOSED
                && now - links.downSince() > options.connectNanos()) {
            fail(state == State.CONNECTING ? ChannelFailure.Cause.UNREACHABLE : ChannelFailure.Cause.PEER_LOST,
                    "no connection with " + endpoint.listenersOf(peer) + " for " + options.connectNanos() / 1_000_000
                            + " ms" + (links.lastBreak().isEmpty() ? "" : " (" + links.lastBreak() + ")"), false);
        }
    }

    private int replaceBroken(long now) {
        int done = 0;
        for (int slot = links.removeBroken(now); slot >= 0; slot = links.removeBroken(now)) {
            if (failure == null && !goodbyeReceived) {
                endpoint.redial(this, slot);
            }
            done++;
        }
        return done;
    }

    private int moveLanes(long now) {
        int done = 0;
        while (state == State.OPEN && lanes.hasNews()) {
            int body = stream.claim(FrameDescriptor.TYPE_LANE, LaneDescriptor.BYTES);
            if (body < 0 || !lanes.announce(stream.ring(), body, now)) {
                break;
            }
            commit(FrameDescriptor.TYPE_LANE, LaneDescriptor.BYTES);
            done++;
        }
        if (state == State.CONNECTING || goodbyeReceived) {
            return done;
        }
        try {
            done += lanes.progress(now);
        } catch (RegionTooLongException e) {
            fail(ChannelFailure.Cause.REGION_TOO_LONG, e.getMessage(), true);
        } catch (BadFrameException e) {
            counters.badFrame(e.frameCause());
            fail(ChannelFailure.Cause.BAD_FRAME, e.getMessage(), true);
        }
        String broken = lanes.brokenFor(LANE_GRACE_NANOS, now);
        if (broken != null) {
            fail(ChannelFailure.Cause.PEER_LOST, broken, true);
        }
        return done;
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
            links.flushLead(now);
        }
        boolean out = goodbyeSent && goodbyeReceived && !stream.hasUnsent()
                && (links.lead() == null || !links.lead().hasUnsent());
        return out || late || links.live() == 0 ? finish(handler, now) : 0;
    }

    private int finish(ChannelHandler handler, long now) {
        boolean initiator = state == State.CLOSING;
        state = State.CLOSED;
        closingSince = now;
        links.flushLead(endpoint.now());
        handler.onClosed(this, failure);
        if (initiator && failure == null) {
            closeLinks();
        }
        return 1;
    }

    /** After the end: true once the peer has closed too, or has taken too long. */
    boolean isGone(long now) {
        links.flush(now);
        if (links.isOpen() && now - closingSince <= options.closeNanos()) {
            return false;
        }
        closeLinks();
        return true;
    }

    void closeLinks() {
        links.close();
        if (lanes != null) {
            lanes.close();
        }
    }

    /** Whether the owner has something to do though no socket has. */
    boolean isPending() {
        return !contexts.isEmpty() || received.isHolding() || bounces != null && bounces.isUnpacking()
                || links.hasBuffered() || failure != null || state == State.CLOSING || state == State.LEAVING
                || lanes != null && state == State.OPEN && lanes.isPending();
    }

    /** Breaks the socket of that slot, as a network would; for tests. */
    boolean breakLink(int slot, String cause) {
        return links.breakLink(slot, cause);
    }

    @Override
    public String toString() {
        return "tcpx channel to node " + peer + ", " + links.live() + " sockets";
    }
}
