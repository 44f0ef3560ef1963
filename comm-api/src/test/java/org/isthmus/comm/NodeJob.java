package org.isthmus.comm;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.node.NodeCollectivesFactory;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.progress.EngineLock;
import org.isthmus.comm.progress.ProgressLoop;
import org.isthmus.comm.pt2pt.NodePointToPoint;
import org.isthmus.comm.pt2pt.PointToPointOptions;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.shm.NodeSegment;

/** The real engine of several ranks, each a thread of this JVM, over one segment file. */
public final class NodeJob {
    public static final EndpointOptions ENDPOINT = new EndpointOptions(8192, 64, 8 << 20, 100, 100);
    public static final PointToPointOptions PROTOCOLS = new PointToPointOptions(1024, 65536, 4096, 16384, 1 << 20);

    private final EndpointOptions endpoint;
    private final PointToPointOptions protocols;

    public NodeJob() {
        this(ENDPOINT, PROTOCOLS);
    }

    public NodeJob(EndpointOptions endpoint, PointToPointOptions protocols) {
        this.endpoint = endpoint;
        this.protocols = protocols;
    }

    /** One rank of the job. */
    public record Rank(Communicator world, NodePointToPoint pointToPoint, ProgressLoop progress, RankEndpoint endpoint,
            NodeCollectivesFactory collectives) {
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
        Path directory = Files.isDirectory(Path.of("/dev/shm")) ? Path.of("/dev/shm") : Path.of("target");
        Path file = Files.createTempFile(directory, "isthmus-test", ".segment");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Files.delete(file);
        NodeSegment segment = NodeSegment.create(channel, ranks, 1L << 31);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<ProgressLoop> loops = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < ranks; i++) {
            Rank rank = rank(segment, i, ranks);
            loops.add(rank.progress());
            threads.add(Thread.ofPlatform().name("rank " + i).unstarted(() -> {
                try {
                    body.run(rank);
                } catch (Throwable t) {
                    if (failure.compareAndSet(null, t)) {
                        loops.forEach(loop -> loop.fail("rank " + rank.rank() + " failed: " + t));
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError("a rank failed", failure.get());
        }
    }

    private Rank rank(NodeSegment segment, int rank, int ranks) {
        RankEndpoint end = new RankEndpoint(segment, rank, endpoint, true);
        ProgressLoop progress = new ProgressLoop(end, new EngineLock(false));
        NodePointToPoint pointToPoint = new NodePointToPoint(end, NodeRanks.all(ranks), protocols, progress);
        progress.attach(pointToPoint);
        int[] worldRanks = new int[ranks];
        Arrays.setAll(worldRanks, i -> i);
        Communicator world = new Communicator(pointToPoint, progress, 0, worldRanks, rank, ranks);
        return new Rank(world, pointToPoint, progress, end,
                new NodeCollectivesFactory(end, NodeRanks.all(ranks), AlgorithmTable.ofPointToPoint(), 1));
    }
}
