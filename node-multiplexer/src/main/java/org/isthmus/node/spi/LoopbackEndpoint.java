package org.isthmus.node.spi;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** An endpoint that finds its peers in the same process. */
final class LoopbackEndpoint implements Endpoint {
    static final long MAX_REGION = 1L << 31;

    /** Taken while a pair of channels is made: both ends may begin at once. */
    private static final Object PAIRING = new Object();
    private static final Capabilities CAPABILITIES = new Capabilities(LoopbackLane.MAX_FRAME, MAX_REGION,
            LoopbackLane.SEND_WINDOW, LoopbackLane.RECEIVE_WINDOW, 1, Capabilities.Delivery.RELIABLE,
            Capabilities.OneSided.ATOMICS, true);

    /** Memory and the key under which the peers find it. */
    private final class Region implements MemoryRegion {
        private final MemorySegment memory;
        private final long key = LoopbackBackend.publish(this);

        Region(MemorySegment memory) {
            this.memory = memory;
        }

        @Override
        public MemorySegment memory() {
            return memory;
        }

        @Override
        public RemoteRegion remote() {
            return new RemoteRegion(memory.address(), memory.byteSize(), key);
        }

        @Override
        public void close() {
            LoopbackBackend.withdraw(key);
            regions.remove(this);
        }
    }

    private final EndpointContext context;
    private final long id;
    private final EndpointAddress address;
    private final Map<Integer, LoopbackChannel> channels = new ConcurrentHashMap<>();
    private final Set<Region> regions = ConcurrentHashMap.newKeySet();
    private final Semaphore wakeups = new Semaphore(0);

    LoopbackEndpoint(EndpointContext context, long id, EndpointAddress address) {
        this.context = context;
        this.id = id;
        this.address = address;
    }

    @Override
    public EndpointAddress address() {
        return address;
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public MemoryRegion register(MemorySegment memory) {
        Region region = new Region(MemoryRegion.requireOffHeap(memory));
        regions.add(region);
        return region;
    }

    @Override
    public Channel connect(int node, EndpointAddress peerAddress) {
        context.requirePeer(node);
        LoopbackEndpoint peer = LoopbackBackend.find(peerAddress);
        synchronized (PAIRING) {
            LoopbackChannel existing = channels.get(node);
            return existing != null ? existing : pair(node, peer, peerAddress);
        }
    }

    private LoopbackChannel pair(int node, LoopbackEndpoint peer, EndpointAddress peerAddress) {
        LoopbackLane out = new LoopbackLane();
        LoopbackLane in = new LoopbackLane();
        LoopbackChannel mine = new LoopbackChannel(node, peer, out, in);
        if (peer == null) {
            mine.fail(new ChannelFailure(ChannelFailure.Cause.UNREACHABLE, "node " + node
                    + ": no endpoint has the address " + peerAddress + " in this process"));
        } else if (!context.job().matches(peer.context.job()) || peer.context.node() != node
                || peer.context.shard() != context.shard()) {
            mine.fail(new ChannelFailure(ChannelFailure.Cause.REFUSED, "node " + node + ": the endpoint at "
                    + peerAddress + " is of another job, node or shard"));
        } else {
            LoopbackChannel theirs = new LoopbackChannel(context.node(), this, in, out);
            mine.join(theirs);
            theirs.join(mine);
            peer.channels.put(context.node(), theirs);
            peer.wakeup();
        }
        channels.put(node, mine);
        return mine;
    }

    @Override
    public int poll(int limit) {
        int done = 0;
        for (LoopbackChannel channel : channels.values()) {
            done += channel.poll(context.handler(), Math.max(1, limit - done));
            if (channel.isClosed()) {
                channels.remove(channel.peer(), channel);
            }
        }
        return done;
    }

    @Override
    public void await(long nanos) {
        try {
            if (wakeups.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
                wakeups.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void wakeup() {
        if (wakeups.availablePermits() == 0) {
            wakeups.release();
        }
    }

    @Override
    public void abort() {
        end();
        synchronized (PAIRING) {
            channels.values().forEach(channel -> channel.abandon(new ChannelFailure(ChannelFailure.Cause.PEER_LOST,
                    "node " + context.node() + " at " + address + " has ended without closing")));
            channels.clear();
        }
    }

    @Override
    public void close() {
        end();
        channels.values().forEach(LoopbackChannel::close);
        channels.clear();
    }

    private void end() {
        LoopbackBackend.forget(id);
        List.copyOf(regions).forEach(Region::close);
    }
}
