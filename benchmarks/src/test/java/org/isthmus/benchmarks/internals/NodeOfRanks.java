package org.isthmus.benchmarks.internals;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.progress.EngineLock;
import org.isthmus.comm.progress.ProgressLoop;
import org.isthmus.comm.pt2pt.NodePointToPoint;
import org.isthmus.comm.pt2pt.PointToPointOptions;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.shm.NodeSegment;

/** The engines of all ranks of a node, driven by one thread, over one segment without a name. */
final class NodeOfRanks {
    private static final EndpointOptions ENDPOINT = new EndpointOptions(8192, 64, 8 << 20, 100, 100);
    private static final PointToPointOptions PROTOCOLS = new PointToPointOptions(1024, 65536, 4096, 16384, 1 << 20);

    final NodeSegment segment;
    final Communicator[] worlds;
    final NodePointToPoint[] pointToPoint;
    final ProgressLoop[] progress;

    NodeOfRanks(int ranks) throws IOException {
        segment = newSegment(ranks);
        worlds = new Communicator[ranks];
        pointToPoint = new NodePointToPoint[ranks];
        progress = new ProgressLoop[ranks];
        int[] worldRanks = new int[ranks];
        Arrays.setAll(worldRanks, i -> i);
        for (int rank = 0; rank < ranks; rank++) {
            RankEndpoint endpoint = new RankEndpoint(segment, rank, ENDPOINT, false);
            progress[rank] = new ProgressLoop(endpoint, new EngineLock(false));
            pointToPoint[rank] = new NodePointToPoint(endpoint, NodeRanks.all(ranks), PROTOCOLS, progress[rank]);
            progress[rank].attach(pointToPoint[rank]);
            worlds[rank] = new Communicator(pointToPoint[rank], progress[rank], 0, worldRanks, rank, ranks);
        }
    }

    static NodeSegment newSegment(int ranks) throws IOException {
        Path shared = Path.of("/dev/shm");
        Path file = Files.isDirectory(shared) ? Files.createTempFile(shared, "isthmus-jmh", ".segment")
                : Files.createTempFile("isthmus-jmh", ".segment");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Files.delete(file);
        return NodeSegment.create(channel, ranks, 1L << 30);
    }
}
