package org.isthmus.node.mux;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.shm.NodeSegment;

/** The place of shard 0 of a multiplexer in a new node segment, for tests that play everybody else. */
final class MultiplexerPlace {
    private MultiplexerPlace() {}

    static RankEndpoint open(Path directory, NodeRanks ranks) throws IOException {
        FileChannel file = FileChannel.open(directory.resolve("node"), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
        NodeSegment segment = NodeSegment.create(file, ranks.places(), 1L << 26);
        return new RankEndpoint(segment, ranks.multiplexer(0), new EndpointOptions(8192, 4, 4 << 20, 1, 1), true);
    }
}
