package org.isthmus.rdma.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.config.Settings;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RemoteLink;
import org.isthmus.node.endpoint.RemoteRecords;
import org.isthmus.node.mux.Conductor;
import org.isthmus.node.mux.FailureListener;
import org.isthmus.node.mux.JobFailure;
import org.isthmus.node.mux.MultiplexerOptions;
import org.isthmus.node.mux.NodeDirectory;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.EndpointAddress;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.wire.JobIdentification;
import org.isthmus.rdma.extension.VerbsProviders;
import org.isthmus.rdma.software.SoftwareProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The multiplexers of two nodes need a queue pair for each shard, whether one rank or 64 of each node use them. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedQueuePairsTest {
    private static final int NODES = 2;
    private static final int KIND = 1;
    private static final int ROUNDS = 3;

    @BeforeAll
    static void useSoftware() {
        VerbsProviders.replace(SoftwareProvider.shared());
    }

    /** A node: its multiplexer and its ranks, worked by the thread that calls. */
    private static final class Node implements AutoCloseable {
        private final NodeSegment segment;
        private final NodeRanks ranks;
        private final Conductor multiplexer;
        private final RankEndpoint[] endpoints;
        private long received;

        Node(int node, int rankCount, int shards, Settings settings) throws IOException {
            Path file = Files.createTempFile(Path.of("target"), "isthmus-test", ".segment");
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Files.delete(file);
            int[] own = new int[rankCount];
            Arrays.setAll(own, place -> node * rankCount + place);
            ranks = new NodeRanks(NODES * rankCount, own).withShards(shards);
            segment = NodeSegment.create(channel, ranks.places(), 1L << 28);
            EndpointOptions options = new EndpointOptions(8192, ranks.places(), 16 << 20, 10, 10);
            JobIdentification job = new JobIdentification("shared", new byte[JobIdentification.MIN_SECRET_BYTES]);
            multiplexer = new Conductor(segment, ranks, options, true, MultiplexerOptions.of(settings),
                    (shard, handler) ->
                            new RdmaBackend().open(new EndpointContext(job, node, NODES, shard, settings, handler)),
                    new Failures());
            endpoints = new RankEndpoint[rankCount];
            for (int place = 0; place < rankCount; place++) {
                endpoints[place] = new RankEndpoint(segment, place, options, true);
                int me = ranks.rank(place);
                endpoints[place].setHandler(
                        new RemoteRecords(segment.memory(), ranks, me, (source, header, payload) -> {
                    assertEquals((long) source << 32 | me, segment.memory().get(ValueLayout.JAVA_LONG, payload));
                    received++;
                }));
            }
        }

        int shards() {
            return ranks.shards();
        }

        /** A message from each rank to each one of the other node. */
        void sendToAll(Node other) {
            for (RankEndpoint endpoint : endpoints) {
                int source = ranks.rank(endpoint.rank());
                for (int destination : other.ranks.ranks()) {
                    RemoteLink link = new RemoteLink(endpoint, endpoint.link(
                            ranks.multiplexer(ranks.shardOf(source, destination))), source, destination);
                    long payload = link.claim(Long.BYTES);
                    while (payload == RemoteLink.BACK_PRESSURED) {
                        work();
                        other.work();
                        payload = link.claim(Long.BYTES);
                    }
                    segment.memory().set(ValueLayout.JAVA_LONG, payload, (long) source << 32 | destination);
                    link.publish(RecordDescriptor.header(KIND, 0, 0, Long.BYTES));
                }
            }
        }

        void work() {
            for (int shard = 0; shard < shards(); shard++) {
                multiplexer.work(shard, false);
            }
            for (RankEndpoint endpoint : endpoints) {
                endpoint.poll();
            }
        }

        @Override
        public void close() {
            multiplexer.close();
        }
    }

    private static final class Failures implements FailureListener {
        @Override
        public void onNodeLost(int node, ChannelFailure failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onJobFailed(JobFailure failure) {
            throw new AssertionError(failure);
        }
    }

    private static int count() {
        return SoftwareProvider.shared().fabric().queuePairs().size();
    }

    /** A single pair of ranks uses one shard; queue pairs are made at first use. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "64, 1, 1", "1, 4, 1", "64, 4, 4"})
    void queuePairsBetweenTwoNodesAreThoseOfTheShards(int ranksPerNode, int shards, int queuePairs) throws IOException {
        Properties properties = new Properties();
        Map.of("isthmus.rdma.provider", "software", "isthmus.rdma.timeout.close", "50ms")
                .forEach(properties::setProperty);
        Settings settings = Settings.of(Map.of(), properties);
        try (Node here = new Node(0, ranksPerNode, shards, settings); Node there =
                new Node(1, ranksPerNode, shards, settings)) {
            int[] nodeOfRank = new int[NODES * ranksPerNode];
            Arrays.setAll(nodeOfRank, rank -> rank / ranksPerNode);
            NodeDirectory nodes = new NodeDirectory(nodeOfRank, new EndpointAddress[][] {
                here.multiplexer.addresses(), there.multiplexer.addresses()});
            here.multiplexer.begin(nodes);
            there.multiplexer.begin(nodes);
            for (int round = 1; round <= ROUNDS; round++) {
                here.sendToAll(there);
                there.sendToAll(here);
                long expected = (long) round * ranksPerNode * ranksPerNode;
                boolean first = round == 1; // where both dial at once, one of the two goes again
                while (here.received < expected || there.received < expected || first && count() > NODES * queuePairs) {
                    here.work();
                    there.work();
                }
                assertEquals(NODES * queuePairs, count());
            }
        }
        assertEquals(List.of(), SoftwareProvider.shared().fabric().queuePairs());
    }
}
