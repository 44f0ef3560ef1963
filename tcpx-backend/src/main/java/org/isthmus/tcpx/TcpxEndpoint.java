package org.isthmus.tcpx;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.isthmus.node.spi.BackendCounters;
import org.isthmus.node.spi.Capabilities;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointAddress;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.spi.MemoryRegion;
import org.isthmus.node.wire.SessionKeys;
import org.isthmus.tcpx.plugin.NetPlugin;

/**
 * One shard's sockets. The owner's thread does all reading and writing, inside {@link #poll}; it is the persistent
 * worker of all channels, and nothing is made for a chunk. Connections and hellos are the {@link Connector}'s, whose
 * news wait in a queue.
 */
final class TcpxEndpoint implements Endpoint {
    static final int MAX_FRAME = 64 << 10;
    /** Most sockets of a channel. */
    static final int MAX_LINKS = 64;

    private static final long TICK_NANOS = 2_000_000;
    private static final int DISCARD_BYTES = 64 << 10;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final EndpointContext context;
    private final TcpxOptions options;
    private final Unpacker unpacker;
    private final NetPlugin plugin;
    private final TcpxCounters counters = new TcpxCounters(null);
    private final Roster roster;
    private final Connector connector;
    private final EndpointAddress address;
    private final Selector selector;
    private final Queue<Runnable> news = new ConcurrentLinkedQueue<>();
    private final Map<Integer, TcpxChannel> channels = new HashMap<>();
    private final Map<Integer, List<InetSocketAddress>> remotes = new HashMap<>();
    /** All that are not closed: those of {@link #channels}, to be gone through in every poll. */
    private final List<TcpxChannel> open = new ArrayList<>();
    private final List<TcpxChannel> leaving = new ArrayList<>();
    private final ByteBuffer discard = ByteBuffer.allocateDirect(DISCARD_BYTES);
    private final Consumer<SelectionKey> onReady = this::onReady;
    /** What ended the last {@link #await}: the next {@link #poll} begins with these and need not ask again. */
    private final List<SelectionKey> woken = new ArrayList<>();
    private final Consumer<SelectionKey> onWoken = woken::add;
    private long now = System.nanoTime();
    private long lastTick = now;
    private int doneByLinks;
    private boolean closed;

    /** @param plugin what carries the chunks; null: the sockets do */
    TcpxEndpoint(EndpointContext context, TcpxOptions options, Unpacker unpacker, NetPlugin plugin) throws IOException {
        this.context = context;
        this.options = options;
        this.unpacker = unpacker;
        this.plugin = plugin;
        this.roster = new Roster(context.node());
        this.selector = Selector.open();
        this.connector = new Connector(context, options, roster, new News());
        this.address = TcpxAddress.encode(connector.listen());
    }

    /** Puts what the connector's threads say into the queue of the owner's thread. */
    private final class News implements Connector.Outcome {
        @Override
        public void onConnected(int peer, long channelId, int slot, SocketChannel socket, SessionKeys keys) {
            add(() -> adopt(peer, channelId, slot, socket, keys));
        }

        @Override
        public void onUnreachable(int peer, long channelId, ChannelFailure.Cause cause, String description,
                boolean forGood) {
            add(() -> {
                TcpxChannel channel = channels.get(peer);
                if (channel != null && channel.id() == channelId) {
                    channel.onUnreachable(cause, description, forGood);
                }
            });
        }

        @Override
        public void onSuperseded(int peer, long oldChannelId) {
            add(() -> {
                TcpxChannel channel = channels.get(peer);
                if (channel != null && channel.id() == oldChannelId) {
                    channel.fail(ChannelFailure.Cause.PEER_LOST, "has begun a new channel", false);
                }
            });
        }

        private void add(Runnable item) {
            news.add(item);
            selector.wakeup();
        }
    }

    @Override
    public EndpointAddress address() {
        return address;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(MAX_FRAME, maxRegion(), options.sendWindow(), options.receiveWindow(),
                options.addresses().size(),
                plugin == null ? Capabilities.Delivery.RELIABLE : Capabilities.Delivery.UNTIL_FAILURE,
                Capabilities.OneSided.NONE, true);
    }

    long maxRegion() {
        return (long) options.chunkBytes() * ChunkDescriptor.MAX_CHUNKS;
    }

    /** Of all channels together. */
    TcpxCounters total() {
        return counters;
    }

    @Override
    public BackendCounters counters() {
        return TcpxCounters.rows();
    }

    /** Null in engine {@code sockets}. */
    NetPlugin plugin() {
        return plugin;
    }

    Connector connector() {
        return connector;
    }

    ChannelHandler handler() {
        return context.handler();
    }

    ByteBuffer discard() {
        return discard;
    }

    /** Time of this poll. */
    long now() {
        return now;
    }

    @Override
    public MemoryRegion register(MemorySegment memory) {
        return new TcpxRegion(MemoryRegion.requireOffHeap(memory));
    }

    @Override
    public Channel connect(int node, EndpointAddress peerAddress) {
        context.requirePeer(node);
        List<InetSocketAddress> peerListeners = TcpxAddress.decode(peerAddress);
        remotes.put(node, peerListeners);
        TcpxChannel existing = channels.get(node);
        if (existing != null) {
            return existing;
        }
        long newId = RANDOM.nextLong() | 1;
        long id = roster.begin(node, newId);
        TcpxChannel channel = newChannel(node, id);
        if (id == newId) {
            int slots = Math.min(MAX_LINKS, Math.max(options.addresses().size(), peerListeners.size())
                    * options.socketsPerNic());
            for (int slot = 0; slot < slots; slot++) {
                connector.dial(node, id, slot, peerListeners);
            }
        }
        return channel;
    }

    private TcpxChannel newChannel(int node, long id) {
        TcpxChannel channel = new TcpxChannel(this, options, unpacker, node, id, now);
        channels.put(node, channel);
        open.add(channel);
        return channel;
    }

    /**
     * Takes a socket whose hello is done. The roster decides: a socket that it admitted for a channel which has ended
     * since says nothing about the channel that there is now, and must not end it.
     */
    void adopt(int peer, long channelId, int slot, SocketChannel socket, SessionKeys keys) {
        TcpxChannel channel = channels.get(peer);
        boolean listed = !closed && roster.id(peer) == channelId;
        if (listed && channel != null && channel.id() != channelId && !channel.giveWay(channelId)) {
            channel.fail(ChannelFailure.Cause.PEER_LOST, "has begun a new channel", false);
            listed = false;
        }
        if (!listed) {
            closeQuietly(socket);
            return;
        }
        if (channel == null) {
            channel = newChannel(peer, channelId);
        }
        try {
            Connector.prepare(socket);
            SelectionKey key = socket.register(selector, SelectionKey.OP_READ);
            Link link = new Link(channel, slot, socket, keys, key, now);
            key.attach(link);
            if (options.zeroCopy()) {
                link.sendWithoutCopies();
            }
            channel.adopt(link);
        } catch (IOException e) {
            redial(channel, slot);
        }
    }

    private static void closeQuietly(SocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            System.getLogger(TcpxEndpoint.class.getName()).log(System.Logger.Level.DEBUG, "closing a late socket", e);
        }
    }

    /** Where a node listens, as far as it was told; for messages. */
    String listenersOf(int peer) {
        List<InetSocketAddress> addresses = remotes.getOrDefault(peer, List.of());
        return addresses.isEmpty() ? "any of its addresses"
                : String.join(", ", addresses.stream().map(Object::toString).toList());
    }

    /** A socket of the channel is gone; if it is ours to dial, another one is made. */
    void redial(TcpxChannel channel, int slot) {
        if (roster.weDial(channel.peer(), channel.id())) {
            connector.dial(channel.peer(), channel.id(), slot, remotes.get(channel.peer()));
        }
    }

    @Override
    public int poll(int limit) {
        if (closed) {
            return 0;
        }
        now = System.nanoTime();
        int done = 0;
        for (Runnable item = news.poll(); item != null; item = news.poll()) {
            item.run();
            done++;
        }
        doneByLinks = 0;
        if (woken.isEmpty()) {
            try {
                selector.selectNow(onReady);
            } catch (IOException e) {
                throw selectorFailed(e);
            }
        } else {
            woken.forEach(onReady);
            woken.clear();
        }
        done += doneByLinks;
        for (int i = 0; i < open.size(); i++) {
            TcpxChannel channel = open.get(i);
            done += channel.progress(Math.max(1, limit), now);
            if (channel.isClosed()) {
                channels.remove(channel.peer(), channel);
                open.remove(i--);
                roster.end(channel.peer(), channel.id());
                leaving.add(channel);
            }
        }
        if (now - lastTick > TICK_NANOS) {
            tick();
        }
        return done;
    }

    private IllegalStateException selectorFailed(IOException e) {
        return new IllegalStateException("the selector of node " + context.node() + " has failed", e);
    }

    @Override
    public <C extends SelectableChannel & ReadableByteChannel> boolean watch(C channel, int descriptor) {
        try {
            channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException e) {
            throw selectorFailed(e);
        }
        return true;
    }

    private void onReady(SelectionKey key) {
        Link link = (Link) key.attachment();
        if (link == null) {
            drop(key);
            return;
        }
        if (key.isValid() && key.isWritable()) {
            link.onWritable(now);
        }
        if (key.isValid() && key.isReadable()) {
            doneByLinks += link.onReadable(now);
        }
    }

    /** Reads what a watched channel holds. */
    private void drop(SelectionKey key) {
        try {
            if (key.isValid() && ((ReadableByteChannel) key.channel()).read(discard.clear()) < 0) {
                key.cancel();
            }
        } catch (IOException e) {
            throw selectorFailed(e);
        }
    }

    private void tick() {
        boolean ownerWasAway = now - lastTick > options.silenceNanos() / 4;
        lastTick = now;
        for (TcpxChannel channel : channels.values()) {
            channel.tick(now, ownerWasAway);
        }
        leaving.removeIf(channel -> channel.isGone(now));
    }

    @Override
    public void await(long nanos) {
        if (closed) {
            return;
        }
        now = System.nanoTime();
        if (now - lastTick > TICK_NANOS) {
            tick();
        }
        long most = Math.min(nanos, options.silenceNanos() / 4);
        for (int i = 0; i < open.size(); i++) {
            TcpxChannel channel = open.get(i);
            channel.flushAll(now);
            if (channel.isPending()) {
                return;
            }
            if (channel.owesAcknowledgement()) {
                most = Math.min(most, TICK_NANOS); // an answer may come soon and carry it
            }
        }
        if (news.isEmpty() && most > 0) {
            try {
                selector.select(onWoken, Math.max(1, most / 1_000_000));
            } catch (IOException e) {
                throw selectorFailed(e);
            }
        }
    }

    @Override
    public void wakeup() {
        selector.wakeup();
    }

    @Override
    public void abort() {
        if (closed) {
            return;
        }
        closed = true;
        connector.close();
        for (Runnable item = news.poll(); item != null; item = news.poll()) {
            item.run();
        }
        channels.forEach((peer, channel) -> roster.end(peer, channel.id()));
        channels.values().forEach(TcpxChannel::closeLinks);
        leaving.forEach(TcpxChannel::closeLinks);
        channels.clear();
        open.clear();
        leaving.clear();
        try {
            selector.close();
        } catch (IOException e) {
            System.getLogger(TcpxEndpoint.class.getName()).log(System.Logger.Level.WARNING, "closing the selector", e);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        channels.values().forEach(TcpxChannel::close);
        long start = System.nanoTime();
        while (!(channels.isEmpty() && leaving.isEmpty()) && System.nanoTime() - start < options.closeNanos()) {
            if (poll(Integer.MAX_VALUE) == 0) {
                await(TICK_NANOS);
            }
        }
        abort();
    }
}
