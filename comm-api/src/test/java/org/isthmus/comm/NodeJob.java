package org.isthmus.comm;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.isthmus.allocator.heap.UserMemory;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.node.NodeCollectivesFactory;
import org.isthmus.comm.group.AgreeingCommunicatorFactory;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.progress.EngineLock;
import org.isthmus.comm.progress.ProgressLoop;
import org.isthmus.comm.pt2pt.NodePointToPoint;
import org.isthmus.comm.pt2pt.PointToPointOptions;
import org.isthmus.comm.rma.WindowFactory;
import org.isthmus.node.config.Settings;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.mux.MultiplexerOptions;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.LoopbackBackend;

/**
 * The real engine of several ranks, each a thread of this JVM, over the segment files of one node or more; each node of
 * several has the thread of its multiplexer, over the loopback backend unless said otherwise.
 */
public final class NodeJob {
    public static final EndpointOptions ENDPOINT = new EndpointOptions(8192, 64, 8 << 20, 100, 100);
    public static final PointToPointOptions PROTOCOLS = new PointToPointOptions(1024, 65536, 4096, 16384, 1 << 20);

    private final EndpointOptions endpoint;
    private final PointToPointOptions protocols;
    private final int nodes;
    private final Mapping mapping;
    private final int shards;
    private final MultiplexerOptions multiplexer;
    private final Backend backend;
    private final Settings settings;

    /** Which ranks share a node. */
    public enum Mapping {
        /** Ranks are dealt out to the nodes in turn. */
        DEALT,
        /** One node after the other is filled. */
        FILLED;

        int node(int rank, int ranks, int nodes) {
            return this == DEALT ? rank % nodes : rank * nodes / ranks;
        }
    }

    public NodeJob() {
        this(ENDPOINT, PROTOCOLS);
    }

    public NodeJob(EndpointOptions endpoint, PointToPointOptions protocols) {
        this(endpoint, protocols, 1, Mapping.FILLED);
    }

    /** @param nodes over which the ranks go */
    public NodeJob(EndpointOptions endpoint, PointToPointOptions protocols, int nodes, Mapping mapping) {
        this(endpoint, protocols, nodes, mapping, 1, MultiplexerOptions.of(Settings.load()));
    }

    /** @param shards of each node's multiplexer */
    public NodeJob(EndpointOptions endpoint, PointToPointOptions protocols, int nodes, Mapping mapping, int shards,
            MultiplexerOptions multiplexer) {
        this(endpoint, protocols, nodes, mapping, shards, multiplexer, new LoopbackBackend(), Settings.load());
    }

    private NodeJob(EndpointOptions endpoint, PointToPointOptions protocols, int nodes, Mapping mapping, int shards,
            MultiplexerOptions multiplexer, Backend backend, Settings settings) {
        this.backend = backend;
        this.settings = settings;
        this.shards = shards;
        this.multiplexer = multiplexer;
        this.endpoint = endpoint;
        this.protocols = protocols;
        this.nodes = nodes;
        this.mapping = mapping;
    }

    /** The same job with that backend between its nodes, which has those settings. */
    public NodeJob over(Backend another, Settings itsSettings) {
        return new NodeJob(endpoint, protocols, nodes, mapping, shards, multiplexer, another, itsSettings);
    }

    /** One rank of the job. */
    public record Rank(Communicator world, NodePointToPoint pointToPoint, ProgressLoop progress, RankEndpoint endpoint,
            NodeCollectivesFactory collectives, EngineLock lock, WindowFactory windows) {
        public int rank() {
            return world.rank();
        }
    }

    /** What each rank does. */
    public interface Body {
        void run(Rank rank) throws Exception;
    }

    /** Runs {@code body} in every rank at once and ends when all have; the first exception of any is thrown. */
    public void run(int ranks, Body body) throws Exception {
        int count = Math.min(nodes, ranks);
        NodeRanks[] nodeRanks = new NodeRanks[count];
        NodeSegment[] segments = new NodeSegment[count];
        for (int node = 0; node < count; node++) {
            int here = node;
            nodeRanks[node] = new NodeRanks(ranks,
                    IntStream.range(0, ranks).filter(r -> mapping.node(r, ranks, count) == here).toArray())
                    .withShards(shards);
            segments[node] = segment(nodeRanks[node].places());
        }
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<ProgressLoop> loops = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < ranks; i++) {
            int node = mapping.node(i, ranks, count);
            Rank rank = rank(segments[node], nodeRanks[node], i, r -> mapping.node(r, ranks, count));
            loops.add(rank.progress());
            threads.add(Thread.ofPlatform().name("rank " + i).unstarted(() -> {
                try {
                    body.run(rank);
                } catch (Throwable t) {
                    fail(t, "rank " + rank.rank(), failure, loops);
                }
            }));
        }
        NodeMultiplexers multiplexers = count == 1 ? null
                : new NodeMultiplexers(segments, nodeRanks, endpoint, multiplexer,
                backend, settings, (node, cause) -> fail(cause, "the multiplexer of node " + node, failure, loops));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        if (multiplexers != null) {
            multiplexers.stop();
        }
        if (failure.get() != null) {
            throw new AssertionError("a rank failed", failure.get());
        }
    }

    private static void fail(Throwable cause, String who, AtomicReference<Throwable> failure,
            List<ProgressLoop> loops) {
        if (failure.compareAndSet(null, cause)) {
            loops.forEach(loop -> loop.fail(who + " failed: " + cause));
        }
    }

    private static NodeSegment segment(int places) throws IOException {
        Path directory = Files.isDirectory(Path.of("/dev/shm")) ? Path.of("/dev/shm") : Path.of("target");
        Path file = Files.createTempFile(directory, "isthmus-test", ".segment");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Files.delete(file);
        return NodeSegment.create(channel, places, 1L << 31);
    }

    private Rank rank(NodeSegment segment, NodeRanks nodeRanks, int rank, IntUnaryOperator nodeOf) {
        int ranks = nodeRanks.jobSize();
        EngineLock lock = new EngineLock(false);
        RankEndpoint end = new RankEndpoint(segment, nodeRanks.place(rank), endpoint, true);
        ProgressLoop progress = new ProgressLoop(end, lock);
        NodePointToPoint pointToPoint = new NodePointToPoint(end, nodeRanks, protocols, progress);
        progress.attach(pointToPoint);
        int[] worldRanks = new int[ranks];
        Arrays.setAll(worldRanks, i -> i);
        Communicator world = new Communicator(pointToPoint, progress, 0, worldRanks, rank, ranks);
        NodeCollectivesFactory collectives =
                new NodeCollectivesFactory(end, nodeRanks, nodeOf, AlgorithmTable.ofPointToPoint(), 1);
        WindowFactory windows = new WindowFactory(end, nodeRanks, new UserMemory(segment.heaps(),
                segment.userHeap(end.rank()), end.options().heap()),
                new AgreeingCommunicatorFactory(collectives::free, 0), collectives, progress, lock,
                pointToPoint.oneSided());
        return new Rank(world, pointToPoint, progress, end, collectives, lock, windows);
    }
}
