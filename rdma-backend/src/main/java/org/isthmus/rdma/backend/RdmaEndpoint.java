package org.isthmus.rdma.backend;

import com.ibm.disni.verbs.IbvWC;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.security.SecureRandom;
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
 * One shard's queue pairs: one for each node that it talks with, all completing into one queue that the owner's thread polls.
 * Connections are the {@link ConnectionManager}'s, hellos run in threads of their own; their news wait in a queue.
 */
final class RdmaEndpoint implements Endpoint {
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final long TICK_NANOS = 2_000_000;
    private static final int OP_RECV = 128;
    private static final int LOC_PROT_ERR = 4;
    private static final int REM_INV_REQ_ERR = 9;
    private static final int REM_ACCESS_ERR = 10;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final EndpointContext context;
    private final RdmaOptions options;
    private final RdmaCounters counters = new RdmaCounters(null);
    private final Admissions admissions;
    private final ConnectionManager connections;
    private final Device device;
    private final ControlSlots control;
    private final Greeter greeter;
    private final EndpointAddress address;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final News news = new News();
    private final LinkTable table = new LinkTable();
    private final List<Link> leaving = new ArrayList<>();
    private final List<Link> draining = new ArrayList<>();
    private final List<RdmaChannel> channels = new ArrayList<>();
    private final List<RdmaChannel> ended = new ArrayList<>();
    private final List<RdmaRegion> regions = new ArrayList<>();
    private final RdmaChannel[] byNode;
    private long now = System.nanoTime();
    private long lastTick = now;
    private boolean closed;

    RdmaEndpoint(EndpointContext context, RdmaOptions options, VerbsExtension extension, InetAddress local)
            throws IOException {
        this.context = context;
        this.options = options;
        this.admissions = new Admissions(context.node());
        this.byNode = new RdmaChannel[context.nodes()];
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
    }

    /** Puts what the threads of connections and hellos say into the queue of the owner's thread. */
    private final class News implements ConnectionManager.Outcome, Greeter.Outcome {
        @Override
        public void onCreated(Link link) {
            add(() -> table.add(link.queuePairNumber(), link));
        }

        @Override
        public void onEstablished(Link link) {
            add(() -> {
                if (!closed && link.state == Link.State.CONNECTING) {
                    greeter.greet(link);
                }
            });
        }

        @Override
        public void onUnreachable(Link link, String description, boolean nobodyListens) {
            add(() -> undialled(link, ChannelFailure.Cause.UNREACHABLE, description, nobodyListens));
        }

        @Override
        public void onLost(Link link) {
            add(() -> link.breakWith("disconnected by the other side"));
        }

        @Override
        public boolean admits(Greeting said) {
            return RdmaEndpoint.this.admits(said);
        }

        @Override
        public void onGreeted(Link link, int peer, long channelId) {
            add(() -> adopt(link, peer, channelId));
        }

        @Override
        public void onRefused(Link link, ChannelFailure.Cause cause, String description, boolean forGood) {
            add(() -> undialled(link, cause, description, forGood));
        }
    }

    private void add(Runnable item) {
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
                options.receiveWindow(), 1, Capabilities.Delivery.RELIABLE, true);
    }

    @Override
    public MemoryRegion register(MemorySegment memory) {
        RdmaRegion region = registerOwn(MemoryRegion.requireOffHeap(memory));
        regions.add(region);
        return region;
    }

    @Override
    public Channel connect(int node, EndpointAddress peerAddress) {
        context.requirePeer(node);
        InetSocketAddress remote = RdmaAddress.decode(peerAddress);
        RdmaChannel existing = byNode[node];
        if (existing != null) {
            existing.setRemote(remote);
            return existing;
        }
        return newChannel(node, admissions.begin(node, RANDOM.nextLong() | 1), remote);
    }

    private RdmaChannel newChannel(int node, long id, InetSocketAddress remote) {
        RdmaChannel channel = new RdmaChannel(this, options, node, id, remote, now);
        byNode[node] = channel;
        channels.add(channel);
        return channel;
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
        for (int i = 0; i < channels.size(); i++) {
            done += channels.get(i).progress(Math.max(1, limit), now, drained);
        }
        for (int i = channels.size() - 1; i >= 0; i--) {
            if (channels.get(i).isClosed()) {
                forget(channels.remove(i));
            }
        }
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
        if (greeter.isBusy() || !draining.isEmpty()) {
            most = Math.min(most, TICK_NANOS);
        }
        for (int i = 0; i < channels.size(); i++) {
            most = channels.get(i).isPending() ? Math.min(most, TICK_NANOS) : most;
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
        for (RdmaChannel channel : channels) {
            admissions.end(channel.peer(), channel.id());
            channel.cut();
            ended.add(channel);
        }
        channels.clear();
        greeter.close().forEach(this::retire);
        connections.close();
        ended.forEach(RdmaChannel::free);
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
        channels.forEach(RdmaChannel::close);
        long start = System.nanoTime();
        while (!(channels.isEmpty() && draining.isEmpty()) && System.nanoTime() - start < options.closeNanos()) {
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
        return admissions;
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
        return byNode[node];
    }

    /** How many queue pairs there are, those that are being made or ended included. */
    int queuePairs() {
        return table.size();
    }

    RdmaRegion registerOwn(MemorySegment memory) {
        try {
            return device.register(memory);
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

    // ---------------------------------------------------------------- completions

    private int pollDevice() {
        try {
            int polled = device.poll();
            for (int i = 0; i < polled; i++) {
                take(device.completion(i));
            }
            return polled;
        } catch (IOException e) {
            throw deviceFailed(e);
        }
    }

    private void take(IbvWC completion) {
        Link link = table.get(completion.getQp_num());
        if (link == null) {
            takeNews();
            link = table.get(completion.getQp_num());
        }
        long wrId = completion.getWr_id();
        boolean receive = Device.isReceive(wrId);
        if (completion.getStatus() != 0) {
            if (link != null) {
                failed(link, receive, completion);
            }
        } else if (!receive && link != null) {
            link.complete(wrId);
        } else if (link != null) {
            boolean keep = receive(link, completion, Device.buffer(wrId));
            if (keep) {
                return;
            }
        }
        if (receive) {
            device.repost(Device.buffer(wrId));
        }
    }

    private static void failed(Link link, boolean receive, IbvWC completion) {
        int status = completion.getStatus();
        String description = (receive ? "a receive" : "a send") + " ended with status " + status + ", vendor error "
                + completion.getVendor_err();
        link.breakWith(description);
        if (link.channel != null && (status == LOC_PROT_ERR || status == REM_INV_REQ_ERR || status == REM_ACCESS_ERR)) {
            // another queue pair would fail in the same way
            link.channel.fail(ChannelFailure.Cause.BAD_FRAME, description
                    + ": memory is not registered any more, or the place is none", false);
        }
    }

    /** True if the buffer is still needed. */
    private boolean receive(Link link, IbvWC completion, int buffer) {
        if (completion.getOpcode() != OP_RECV) {
            if (link.channel != null) {
                link.channel.onArrived(link, completion.getImm_data(), completion.getByte_len());
            }
            return false;
        }
        int at = buffer * RdmaDescriptor.BUFFER_BYTES;
        int length = completion.getByte_len();
        if (link.takesGreeting()) {
            greeter.receive(link, device.poolView().slice(at, length));
        } else if (link.channel != null) {
            link.channel.onMessage(link, device.poolMemory(), device.poolView(), at, length);
        } else if (link.state != Link.State.SHUT) {
            link.early.add(new Link.Early(buffer, length));
            return true;
        }
        return false;
    }

    // ---------------------------------------------------------------- connections

    private int takeNews() {
        int done = 0;
        for (Runnable item = waiting.poll(); item != null; item = waiting.poll()) {
            item.run();
            done++;
        }
        return done;
    }

    private boolean admits(Greeting said) {
        int peer = said.node();
        if (peer < 0 || peer >= context.nodes() || peer == context.node() || said.incarnation() == 0) {
            return false;
        }
        long old = admissions.id(peer);
        Admissions.Admission admission = admissions.admit(peer, said.incarnation());
        if (admission == Admissions.Admission.SUPERSEDES) {
            add(() -> {
                if (byNode[peer] != null && byNode[peer].id() == old) {
                    byNode[peer].fail(ChannelFailure.Cause.PEER_LOST, "has begun a new channel", false);
                }
            });
        }
        return admission == Admissions.Admission.ADMITTED;
    }

    private void undialled(Link link, ChannelFailure.Cause cause, String description, boolean forGood) {
        RdmaChannel channel = link.peer < 0 ? null : byNode[link.peer];
        if (channel != null && channel.id() == link.channelId) {
            channel.onUnreachable(link, cause, description, forGood);
        } else {
            retire(link);
        }
    }

    private void adopt(Link link, int peer, long channelId) {
        greeter.finish(link);
        RdmaChannel channel = byNode[peer];
        if (channel != null && channel.id() != channelId && !channel.giveWay(channelId)) {
            channel.fail(ChannelFailure.Cause.PEER_LOST, "has begun a new channel", false);
        }
        boolean stale = admissions.id(peer) != channelId || channel != null && channel.id() != channelId;
        if (link.state == Link.State.SHUT || stale || link.broken() != null) {
            retire(link);
            return;
        }
        if (channel == null) {
            channel = newChannel(peer, channelId, null);
        }
        admissions.connected(peer);
        channel.adopt(link);
        makeRoom(channel);
        for (Link.Early early = link.early.poll(); early != null; early = link.early.poll()) {
            channel.onMessage(link, device.poolMemory(), device.poolView(),
                    early.buffer() * RdmaDescriptor.BUFFER_BYTES, early.length());
            device.repost(early.buffer());
        }
    }

    /** Has the channel that was unused for longest sleep, if too many are connected. */
    private void makeRoom(RdmaChannel exceptFor) {
        int active = 0;
        RdmaChannel oldest = null;
        for (RdmaChannel channel : channels) {
            active += channel.link() == null ? 0 : 1;
            if (channel != exceptFor && channel.maySleep()
                    && (oldest == null || channel.link().lastUse - oldest.link().lastUse < 0)) {
                oldest = channel;
            }
        }
        if (active > options.maxActive() && oldest != null) {
            oldest.sleep();
        }
    }

    // ---------------------------------------------------------------- endings

    private void forget(RdmaChannel channel) {
        byNode[channel.peer()] = null;
        admissions.end(channel.peer(), channel.id());
        ended.add(channel);
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
        ended.forEach(RdmaChannel::free);
        ended.clear();
    }

    private void tick() {
        lastTick = now;
        if (table.size() > options.maxActive()) {
            makeRoom(null);
        }
        for (int i = 0; i < channels.size(); i++) {
            channels.get(i).tick(now);
        }
    }

    private IllegalStateException deviceFailed(IOException e) {
        return new IllegalStateException("the RDMA device of node " + context.node() + " has failed: " + e.getMessage(), e);
    }
}
