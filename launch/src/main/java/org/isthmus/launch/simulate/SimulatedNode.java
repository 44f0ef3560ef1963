package org.isthmus.launch.simulate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.isthmus.node.config.Settings;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RecordHandler;
import org.isthmus.node.endpoint.RemoteLink;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.mux.Conductor;
import org.isthmus.node.mux.FailureListener;
import org.isthmus.node.mux.JobFailure;
import org.isthmus.node.mux.MultiplexerOptions;
import org.isthmus.node.mux.NodeDirectory;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.SegmentDescriptor;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointAddress;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.wire.JobIdentification;

/**
 * One node: a real segment, the real endpoints of its ranks, and the real multiplexer with its shards.
 */
final class SimulatedNode implements AutoCloseable {
    private static final long WINDOW = 1 << 20;
    private static final JobIdentification JOB =
            new JobIdentification("simulated", new byte[JobIdentification.MIN_SECRET_BYTES]);

    private final int number;
    private final int rankCount;
    private final Arena arena = Arena.ofConfined();
    private final FileChannel file;
    private final NodeSegment segment;
    private final long emptyBytes;
    private final NodeRanks nodeRanks;
    private final RankEndpoint[] ranks;
    private final SimulatedShard[] shards;
    private final Conductor multiplexer;

    /** Takes the records that arrive at ranks, when they poll. */
    interface Receiver {
        /** @param payload offset in the node's segment */
        void onRecord(SimulatedNode node, int place, int source, long header, long payload);
    }

    /**
     * @param number of the node
     * @param layout nodes, ranks and shards
     * @param ringBytes of each lane and each ring to a rank
     * @param limits of the multiplexer
     */
    SimulatedNode(int number, Scenario layout, int ringBytes, MultiplexerOptions limits, Receiver receiver,
            SimulatedShard.Surroundings surroundings) {
        this.number = number;
        this.rankCount = layout.ranks();
        int[] here = new int[rankCount];
        Arrays.setAll(here, place -> number * rankCount + place);
        this.nodeRanks = new NodeRanks(layout.nodes() * rankCount, here).withShards(layout.shards());
        this.shards = new SimulatedShard[layout.shards()];
        try {
            this.file = file();
            this.segment = NodeSegment.create(file, nodeRanks.places(), WINDOW, false, arena);
        } catch (IOException e) {
            throw new UncheckedIOException("no segment for a simulated node in "
                    + directory() + ": " + e.getMessage(), e);
        }
        this.emptyBytes = segment.pool().used();
        try {
            this.multiplexer = new Conductor(segment, nodeRanks, options(ringBytes, rankCount), true, limits,
                    (shard, handler) -> open(shard, handler, layout, surroundings), listener(surroundings),
                    () -> surroundings.time().now() / VirtualTime.NANOSECOND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        multiplexer.begin(directory(number, layout));
        this.ranks = new RankEndpoint[rankCount];
        for (int place = 0; place < rankCount; place++) {
            int me = place;
            ranks[place] = new RankEndpoint(segment, place, options(ringBytes, layout.shards()), true);
            ranks[place].setHandler(handler(me, receiver));
        }
    }

    private Endpoint open(int shard, ChannelHandler handler, Scenario layout,
            SimulatedShard.Surroundings surroundings) {
        EndpointContext context = new EndpointContext(JOB, number, layout.nodes(), shard, Settings.load(), handler);
        SimulatedEndpoint endpoint = new SimulatedEndpoint(context, surroundings.maxFrame(), layout.active(),
                surroundings.relay(number), surroundings);
        shards[shard] = new SimulatedShard(this, shard, endpoint, surroundings);
        return endpoint;
    }

    private FailureListener listener(SimulatedShard.Surroundings surroundings) {
        return new FailureListener() {
            @Override
            public void onNodeLost(int node, ChannelFailure failure) {
                surroundings.onNodeLost(SimulatedNode.this, node, failure);
            }

            @Override
            public void onJobFailed(JobFailure failure) {
                surroundings.onJobFailed(SimulatedNode.this, failure);
            }
        };
    }

    private static Path directory() {
        return Settings.load().get(Settings.SHM_DIRECTORY);
    }

    private static FileChannel file() throws IOException {
        Path path = Files.createTempFile(directory(), "isthmus-simulate", ".node");
        FileChannel opened = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Files.delete(path);
        return opened;
    }

    private static EndpointOptions options(int ringBytes, int rings) {
        return new EndpointOptions(ringBytes, rings, 1 << 20, 0, 0);
    }

    private RecordHandler handler(int me, Receiver receiver) {
        return (place, header, payload) -> {
            long word = segment.memory().get(ValueLayout.JAVA_LONG_UNALIGNED, payload);
            int destination = (int) (word >>> 8 * RemoteRecordDescriptor.DESTINATION_OFFSET);
            int source = (int) (word >>> 8 * RemoteRecordDescriptor.SOURCE_OFFSET);
            if (destination != nodeRanks.rank(me)) {
                throw new IllegalStateException("a record for rank " + destination + " came to rank "
                        + nodeRanks.rank(me));
            }
            receiver.onRecord(this, me, source, header - RemoteRecordDescriptor.BYTES,
                    payload + RemoteRecordDescriptor.BYTES);
        };
    }

    /** Which node each rank is reached by, and a name for each node's multiplexer. */
    private static NodeDirectory directory(int from, Scenario layout) {
        int[] via = new int[layout.nodes() * layout.ranks()];
        Grid grid = layout.grid();
        Arrays.setAll(via, rank -> grid.nextHop(from, rank / layout.ranks()));
        EndpointAddress[][] addresses = new EndpointAddress[layout.nodes()][layout.shards()];
        for (int node = 0; node < addresses.length; node++) {
            Arrays.fill(addresses[node], SimulatedEndpoint.address(node));
        }
        return new NodeDirectory(via, addresses);
    }

    int number() {
        return number;
    }

    RankEndpoint rank(int place) {
        return ranks[place];
    }

    SimulatedShard shard(int shard) {
        return shards[shard];
    }

    List<SimulatedShard> shards() {
        return List.of(shards);
    }

    Conductor multiplexer() {
        return multiplexer;
    }

    /** Lets its multiplexer tell all other nodes that the job has failed. */
    void fail(JobFailure failure) {
        multiplexer.fail(failure);
        shards[0].plan();
    }

    /** Who owns a block on its way from a place to a rank of another node. */
    int holder(int place, int destination) {
        return segment.messageHeap(nodeRanks.multiplexer(shardOf(place, destination).number()));
    }

    /** The shard through which a place sends to a rank of another node. */
    SimulatedShard shardOf(int place, int destination) {
        return shards[nodeRanks.shardOf(nodeRanks.rank(place), destination)];
    }

    /** The shard that carries what two ranks of the job send each other. */
    int shardOfRanks(int rank, int other) {
        return nodeRanks.shardOf(rank, other);
    }

    /** The way of a place to a rank of another node. */
    RemoteLink link(int place, int destination) {
        RankEndpoint rank = ranks[place];
        return new RemoteLink(rank, rank.link(nodeRanks.multiplexer(shardOf(place, destination).number())),
                nodeRanks.rank(place), destination);
    }

    /** Lets every rank take what has arrived. Returns how many records. */
    int pollRanks() {
        int records = 0;
        for (RankEndpoint rank : ranks) {
            int some;
            while ((some = rank.poll()) > 0) {
                records += some;
            }
        }
        return records;
    }

    /** Bytes of the segment in use, without the pages of message blocks, and of the multiplexers' frames. */
    long bytes() {
        long frames = 0;
        for (SimulatedShard shard : shards) {
            frames += shard.endpoint().registeredBytes();
        }
        return SegmentDescriptor.fixedBytes(segment.ranks()) + segment.pool().used() - emptyBytes + frames;
    }

    /** A header of our kind of record: no block. */
    static long header(int payloadBytes) {
        return RecordDescriptor.header(1, 0, 0, payloadBytes);
    }

    @Override
    public void close() {
        multiplexer.close();
        arena.close();
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
