package org.isthmus.rdma.backend;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.isthmus.rdma.extension.VerbsExtension;

/** One of the two ends of {@link QueuePairBenchmark}: a share of the device and its queue pairs. One thread uses it. */
final class BenchmarkSide implements ConnectionManager.Outcome, AutoCloseable {
    private static final long CONNECT_NANOS = 60_000_000_000L;

    private final ConnectionManager connections;
    private final Device device;
    private final InetSocketAddress listener;
    private final LinkedBlockingQueue<Link> established = new LinkedBlockingQueue<>();
    private final AtomicReference<String> failure = new AtomicReference<>();
    private final List<Link> links = new ArrayList<>();
    private final LinkTable table = new LinkTable();
    private final List<RdmaRegion> regions = new ArrayList<>();

    BenchmarkSide(VerbsExtension extension, InetAddress local, int receives, int queuePairs) throws IOException {
        connections = new ConnectionManager(extension, local, CONNECT_NANOS, new RdmaCounters(), this);
        try {
            device = new Device(extension, connections.context(), receives, queuePairs);
        } catch (IOException e) {
            connections.close();
            throw e;
        }
        listener = connections.start(device);
    }

    Device device() {
        return device;
    }

    RdmaRegion register(MemorySegment memory) throws IOException {
        RdmaRegion region = device.register(memory);
        regions.add(region);
        return region;
    }

    /** Begins as many connections as that to the other side. */
    void dial(BenchmarkSide other, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            connections.dial(0, 1, other.listener);
        }
    }

    /** Waits for as many further connections; all of this side so far. */
    List<Link> await(int count) throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            Link link = established.poll(CONNECT_NANOS, TimeUnit.NANOSECONDS);
            if (link == null || failure.get() != null) {
                throw new IOException("only " + links.size() + " queue pairs were connected: "
                        + (failure.get() == null ? "no answer" : failure.get()));
            }
            links.add(link);
            table.add(link.queuePairNumber(), link);
        }
        return links;
    }

    /** The one of that number. */
    Link link(int queuePair) {
        return table.get(queuePair);
    }

    @Override
    public void onCreated(Link link) {
        // completions are counted for all queue pairs together
    }

    @Override
    public void onEstablished(Link link) {
        established.add(link);
    }

    @Override
    public void onUnreachable(Link link, String description, boolean nobodyListens) {
        failure.compareAndSet(null, description);
        established.add(link);
    }

    @Override
    public void onLost(Link link) {
        failure.compareAndSet(null, "disconnected by the other side");
    }

    @Override
    public void onDeviceRemoved() {
        failure.compareAndSet(null, "the device was removed");
    }

    /** Why it is of no use; null if it is. */
    String failure() {
        return failure.get();
    }

    /** Ends the queue pairs; both sides must, before either is closed. */
    void shut() {
        links.forEach(Link::shut);
    }

    @Override
    public void close() throws IOException {
        connections.close();
        regions.forEach(RdmaRegion::close);
        device.close();
    }
}
