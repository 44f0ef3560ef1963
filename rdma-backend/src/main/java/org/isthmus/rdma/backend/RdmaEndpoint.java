package org.isthmus.rdma.backend;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.isthmus.node.spi.BackendCounters;
import org.isthmus.node.spi.Capabilities;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointAddress;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.spi.MemoryRegion;
import org.isthmus.node.wire.Greeting;
import org.isthmus.rdma.extension.VerbsExtension;

/**
 * One shard's queue pairs: one for each node that it talks with, all completing into one queue that the owner's thread
 * polls. Connections are the {@link ConnectionManager}'s, hellos run in threads of their own; their news wait in a
 * queue.
 */
final class RdmaEndpoint implements Endpoint {
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int NO_DESCRIPTOR = -1;
    private static final long TICK_NANOS = 2_000_000;

    private final EndpointContext context;
    private final RdmaOptions options;
    private final RdmaCounters counters = new RdmaCounters(null);
    private final ConnectionManager connections;
    private final Device device;
    private final ControlSlots control;
    private final Greeter greeter;
    private final Completions completions;
    private final Peers peers;
    private final EndpointAddress address;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final News news = new News();
    private final LinkTable table = new LinkTable();
    private final List<Link> leaving = new ArrayList<>();
    private final List<Link> draining = new ArrayList<>();
    private final List<RdmaRegion> regions = new ArrayList<>();
    private final ByteBuffer discard = ByteBuffer.allocateDirect(256);
    private long now = System.nanoTime();
    private long lastTick = now;
    private boolean closed;

    RdmaEndpoint(EndpointContext context, RdmaOptions options, VerbsExtension extension, InetAddress local)
            throws IOException {
        this.context = context;
        this.options = options;
        this.connections = new ConnectionManager(extension, local, options.helloNanos(), counters, news);
        try {
            this.device = new Device(extension, connections.context(), options.receives(), options.maxActive());
            this.control = new ControlSlots(device.register(Arena.ofAuto().allocate(ControlSlots.BYTES, 64)));
            this.address = RdmaAddress.encode(connections.start(device));
        } catch (IOException e) {
            connections.close();
            throw e;
        }
        this.greeter = new Greeter(context, options, control, this::wakeup, news);
        this.completions = new Completions(device, table, greeter, this::takeNews);
        this.peers = new Peers(this, context, options, device, greeter);
    }

    /** Puts what the threads of connections and hellos say into the queue of the owner's thread. */
    private final class News implements ConnectionManager.Outcome, Greeter.Outcome {
        @Override
        public void onCreated(Link link) {
            later(() -> table.add(link.queuePairNumber(), link));
        }

        @Override
        public void onEstablished(Link link) {
            later(() -> {
                if (!closed && link.state == Link.State.CONNECTING) {
                    greeter.greet(link);
                }
            });
        }

        @Override
        public void onUnreachable(Link link, String description, boolean nobodyListens) {
            later(() -> peers.undialled(link, ChannelFailure.Cause.UNREACHABLE, description, nobodyListens));
        }

        @Override
        public void onLost(Link link) {
            later(() -> link.breakWith("disconnected by the other side"));
        }

        @Override
        public void onDeviceRemoved() {
            later(() -> peers.onDeviceRemoved()); // peers is not yet there while the constructor runs
        }

        @Override
        public boolean admits(Link link, Greeting said) {
            return peers.admits(link, said);
        }

        @Override
        public boolean isWanted(Link link) {
            return peers.isWanted(link);
        }

        @Override
        public void onGreeted(Link link, int peer, long channelId) {
            later(() -> peers.adopt(link, peer, channelId));
        }

        @Override
        public void onRefused(Link link, ChannelFailure.Cause cause, String description, boolean forGood) {
            later(() -> peers.undialled(link, cause, description, forGood));
        }
    }

    /** Runs it in the owner's next poll. Any thread. */
    void later(Runnable item) {
        waiting.add(item);
        wakeup();
    }

    // ---------------------------------------------------------------- what the owner calls

    @Override
    public EndpointAddress address() {
        return address;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(RdmaDescriptor.MAX_FRAME, RdmaDescriptor.MAX_REGION, options.sendWindow(),
                options.receiveWindow(), 1, Capabilities.Delivery.RELIABLE,
                device.hasAtomics() ? Capabilities.OneSided.ATOMICS : Capabilities.OneSided.COPIES, true);
    }

    @Override
    public MemoryRegion register(MemorySegment memory) {
        RdmaRegion region = register(MemoryRegion.requireOffHeap(memory), device::registerOpen);
        regions.add(region);
        return region;
    }

    @Override
    public Channel connect(int node, EndpointAddress peerAddress) {
        context.requirePeer(node);
        return peers.connect(node, RdmaAddress.decode(peerAddress));
    }

    @Override
    public int poll(int limit) {
        if (closed) {
            return 0;
        }
        now = System.nanoTime();
        int done = takeNews();
        boolean drained = false;
        while (!drained && done <= Math.max(1, limit)) {
            int polled = pollDevice();
            done += polled;
            drained = !device.isFull(polled);
        }
        done += greeter.serve(now, leaving);
        leaving.forEach(this::retire);
        leaving.clear();
        done += peers.progress(Math.max(1, limit), now, drained);
        if (drained && !draining.isEmpty()) {
            dispose();
        }
        if (now - lastTick > TICK_NANOS) {
            tick();
        }
        return done;
    }

    @Override
    public void await(long nanos) {
        if (closed || nanos <= 0) {
            return;
        }
        now = System.nanoTime();
        tick();
        long most = Math.min(nanos, options.silenceNanos() / 4);
        if (greeter.isBusy() || !draining.isEmpty() || peers.isPending()) {
            most = Math.min(most, TICK_NANOS);
        }
        try {
            device.arm();
            if (waiting.isEmpty() && pollDevice() == 0) {
                device.await((int) Math.max(1, most / 1_000_000));
            }
        } catch (IOException e) {
            throw deviceFailed(e);
        }
    }

    @Override
    public <C extends SelectableChannel & ReadableByteChannel> boolean watch(C channel, int descriptor) {
        try {
            return descriptor >= 0 && device.watch(descriptor, () -> drop(channel));
        } catch (IOException e) {
            throw deviceFailed(e);
        }
    }

    private void drop(ReadableByteChannel watched) {
        try {
            if (!watched.isOpen()) {
                device.watch(NO_DESCRIPTOR, () -> { });
                return;
            }
            while (watched.read(discard.clear()) == discard.capacity()) {
                Thread.onSpinWait(); // there may be more
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot read what wakes node " + context.node(), e);
        }
    }

    @Override
    public void wakeup() {
        try {
            device.wakeup();
        } catch (IOException e) {
            throw deviceFailed(e);
        }
    }

    @Override
    public void abort() {
        if (closed) {
            return;
        }
        closed = true;
        peers.cut();
        greeter.close().forEach(this::retire);
        connections.close();
        peers.free();
        control.close();
        regions.forEach(RdmaRegion::close);
        try {
            device.close();
        } catch (IOException e) {
            System.getLogger(RdmaEndpoint.class.getName()).log(System.Logger.Level.WARNING, "closing the device", e);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        peers.open().forEach(RdmaChannel::close);
        long start = System.nanoTime();
        while (!(peers.open().isEmpty() && draining.isEmpty()) && System.nanoTime() - start < options.closeNanos()) {
            if (poll(Integer.MAX_VALUE) == 0) {
                await(TICK_NANOS);
            }
        }
        abort();
    }

    @Override
    public BackendCounters counters() {
        return RdmaCounters.rows();
    }

    // ---------------------------------------------------------------- what channels ask

    /** Of all channels together. */
    RdmaCounters total() {
        return counters;
    }

    Admissions admissions() {
        return peers.admissions();
    }

    ChannelHandler handler() {
        return context.handler();
    }

    /** Time of this poll. */
    long now() {
        return now;
    }

    /** The channel with that node; null if there is none. */
    RdmaChannel channel(int node) {
        return peers.get(node);
    }

    /** How many queue pairs there are, those that are being made or ended included. */
    int queuePairs() {
        return table.size();
    }

    /** Whether one-sided atomic operations may be used. */
    boolean hasAtomics() {
        return device.hasAtomics();
    }

    /** Whether peers may do atomic operations here, which nobody can repeat: then no queue pair is given up unasked. */
    boolean isTargetOfAtomics() {
        return device.hasAtomics() && regions.stream().anyMatch(RdmaRegion::isDescribed);
    }

    RdmaRegion registerOwn(MemorySegment memory) {
        return register(memory, device::register);
    }

    private interface Registration {
        RdmaRegion of(MemorySegment memory) throws IOException;
    }

    private static RdmaRegion register(MemorySegment memory, Registration registration) {
        try {
            return registration.of(memory);
        } catch (IOException e) {
            throw new IllegalStateException("cannot register " + memory.byteSize() + " bytes with the device: "
                    + e.getMessage() + "; if it is for locked memory, raise the limit (ulimit -l unlimited)", e);
        }
    }

    Link dial(RdmaChannel channel, InetSocketAddress remote) {
        try {
            return connections.dial(channel.peer(), channel.id(), remote);
        } catch (IOException e) {
            throw deviceFailed(e);
        }
    }

    /** Puts the queue pair into the error state now, and frees it when its last completions are taken. */
    void retire(Link link) {
        if (link.state != Link.State.SHUT) {
            greeter.finish(link);
            link.shut();
            draining.add(link);
        }
    }

    /** The first message of this end on a new queue pair. */
    void sendResume(Link link, long received, long arrived, long framesTaken) {
        control.sendArrived(link, received, arrived, framesTaken, address.bytes());
    }

    // ---------------------------------------------------------------- news and endings

    private int pollDevice() {
        try {
            return completions.poll();
        } catch (IOException e) {
            throw deviceFailed(e);
        }
    }

    private int takeNews() {
        int done = 0;
        for (Runnable item = waiting.poll(); item != null; item = waiting.poll()) {
            item.run();
            done++;
        }
        return done;
    }

    /** Everything that completed before the links were shut has been taken. */
    private void dispose() {
        for (Link link : draining) {
            for (Link.Early early = link.early.poll(); early != null; early = link.early.poll()) {
                device.repost(early.buffer());
            }
            table.remove(link);
            connections.dispose(link);
        }
        draining.clear();
        peers.free();
    }

    private void tick() {
        lastTick = now;
        if (table.size() > options.maxActive()) {
            peers.makeRoom(null);
        }
        List<RdmaChannel> open = peers.open();
        for (int i = 0; i < open.size(); i++) {
            open.get(i).tick(now);
        }
    }

    private IllegalStateException deviceFailed(IOException e) {
        return new IllegalStateException("the RDMA device of node " + context.node()
                + " has failed: " + e.getMessage(), e);
    }
}
