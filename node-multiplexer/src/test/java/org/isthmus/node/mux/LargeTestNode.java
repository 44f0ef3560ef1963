package org.isthmus.node.mux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.node.config.Settings;
import org.isthmus.node.endpoint.BlockRecordDescriptor;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.endpoint.LargeRecordDescriptor;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RemoteLink;
import org.isthmus.node.endpoint.RemoteRecords;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointAddress;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.wire.JobIdentification;

/**
 * A node of two in one JVM: its multiplexer, and two ranks that write the records of large messages themselves. Ranks 0
 * and 1 are on node 0, ranks 2 and 3 on node 1. All is done by the thread that calls.
 */
public final class LargeTestNode implements AutoCloseable {
    static final int NODES = 2;
    static final int RANKS_PER_NODE = 2;
    private static final long WINDOW = 1L << 28;
    private static final EndpointOptions OPTIONS = new EndpointOptions(8192, 16, 16 << 20, 10, 10);

    final NodeSegment segment;
    final MemorySegment memory;
    final NodeRanks ranks;
    public final Endpoint backend;
    private final Conductor multiplexer;
    private final RankEndpoint[] endpoints = new RankEndpoint[RANKS_PER_NODE];
    private final boolean[] dead = new boolean[RANKS_PER_NODE];
    /** What has come for each rank here: bytes of finished and arrived messages, and of pieces in blocks. */
    final int[] finished = new int[RANKS_PER_NODE];
    final long[] arrived = new long[RANKS_PER_NODE];
    final long[] pieced = new long[RANKS_PER_NODE];
    final int[] cleared = new int[RANKS_PER_NODE];
    /** Seed of the bytes that pieces in blocks are to have. */
    int seed;
    ChannelFailure lost;

    LargeTestNode(int node, Backend maker, Settings settings) throws IOException {
        Path directory = Files.isDirectory(Path.of("/dev/shm")) ? Path.of("/dev/shm") : Path.of("target");
        Path file = Files.createTempFile(directory, "isthmus-test", ".segment");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Files.delete(file);
        ranks = new NodeRanks(NODES * RANKS_PER_NODE, RANKS_PER_NODE * node, RANKS_PER_NODE * node + 1);
        segment = NodeSegment.create(channel, ranks.places(), WINDOW);
        memory = segment.memory();
        Endpoint[] opened = new Endpoint[1];
        multiplexer = new Conductor(segment, ranks, OPTIONS, true, MultiplexerOptions.of(settings),
                (shard, handler) -> {
            opened[shard] = maker.open(new EndpointContext(new JobIdentification("large", new byte[32]),
                    node, NODES, shard, settings, handler));
            return opened[shard];
        }, new FailureListener() {
            @Override
            public void onNodeLost(int other, ChannelFailure failure) {
                lost = failure;
            }

            @Override
            public void onJobFailed(JobFailure failure) {
                throw new AssertionError(failure);
            }
        });
        backend = opened[0];
        for (int place = 0; place < RANKS_PER_NODE; place++) {
            int me = place;
            endpoints[place] = new RankEndpoint(segment, place, OPTIONS, true);
            endpoints[place].setHandler(new RemoteRecords(memory, ranks, ranks.rank(place),
                    (source, header, payload) -> onRecord(me, header, payload)));
        }
    }

    void join(LargeTestNode other) {
        int[] nodeOfRank = new int[NODES * RANKS_PER_NODE];
        Arrays.setAll(nodeOfRank, rank -> rank / RANKS_PER_NODE);
        boolean first = ranks.rank(0) == 0;
        EndpointAddress[] mine = {backend.address()};
        EndpointAddress[] theirs = {other.backend.address()};
        multiplexer.begin(new NodeDirectory(nodeOfRank,
                first ? new EndpointAddress[][] {mine, theirs} : new EndpointAddress[][] {theirs, mine}));
    }

    /** A round of the multiplexer and of the ranks that live. */
    int work() {
        int work = multiplexer.work(0, false);
        for (int place = 0; place < RANKS_PER_NODE; place++) {
            work += dead[place] ? 0 : endpoints[place].poll();
        }
        return work;
    }

    boolean isIdle() {
        return multiplexer.isIdle(0);
    }

    RankHeap heap(int place) {
        return endpoints[place].heap();
    }

    /** A range of the segment that no heap uses. */
    long extent(int bytes) {
        return segment.pool().allocateExtent(bytes);
    }

    /** The process of a rank is dead, and another rank of the node takes back what it had. */
    void kill(int place) {
        dead[place] = true;
        endpoints[1 - place].markDead(place);
        endpoints[1 - place].takeBackFromDead();
    }

    /** Sends a record; what waits for room is awaited by rounds of this node. */
    void send(int place, int destination, int kind, int tag, long... words) {
        RemoteLink link = new RemoteLink(endpoints[place], endpoints[place].link(ranks.multiplexer(0)),
                ranks.rank(place), destination);
        long payload;
        while ((payload = link.claim(words.length * Long.BYTES)) == RemoteLink.BACK_PRESSURED) {
            multiplexer.work(0, false);
        }
        for (int i = 0; i < words.length; i++) {
            memory.set(ValueLayout.JAVA_LONG, payload + (long) i * Long.BYTES, words[i]);
        }
        link.publish(RecordDescriptor.header(kind, 0, tag, words.length * Long.BYTES));
    }

    /** A block of {@code place}, filled and handed to the multiplexer. */
    long block(int place, int bytes, int from) {
        long block = endpoints[place].heap().allocate(bytes);
        assertTrue(block != 0, "no block of " + bytes + " bytes");
        fill(endpoints[place].heap().offset(block), bytes, from);
        endpoints[place].heap().handOver(block, segment.messageHeap(ranks.multiplexer(0)));
        return block;
    }

    /** Writes bytes {@code [from, from + bytes)} of the message of this seed. */
    void fill(long offset, long bytes, long from) {
        for (long i = 0; i < bytes; i++) {
            memory.set(ValueLayout.JAVA_BYTE, offset + i, pattern(from + i));
        }
    }

    void check(long offset, long bytes, long from) {
        for (long i = 0; i < bytes; i++) {
            byte found = memory.get(ValueLayout.JAVA_BYTE, offset + i);
            if (found != pattern(from + i)) {
                assertEquals(pattern(from + i), found, "byte " + (from + i));
            }
        }
    }

    private byte pattern(long at) {
        return (byte) (seed + at * 7 + at / 4096);
    }

    private void onRecord(int place, long header, long payload) {
        switch (RecordDescriptor.kind(header)) {
            case LargeRecordDescriptor.KIND_FINISHED -> finished[place]++;
            case LargeRecordDescriptor.KIND_CLEAR_TO_SEND -> cleared[place]++;
            case LargeRecordDescriptor.KIND_ARRIVED -> arrived[place] += word(payload);
            case LargeRecordDescriptor.KIND_DATA -> {
                int bytes = (int) word(payload + BlockRecordDescriptor.BYTES_OFFSET);
                long block = word(payload);
                assertEquals(pieced[place], word(payload + BlockRecordDescriptor.POSITION_OFFSET));
                check(heap(place).peek(block, bytes), bytes, pieced[place]);
                heap(place).consume(block);
                pieced[place] += bytes;
            }
            default -> throw new AssertionError("kind " + RecordDescriptor.kind(header));
        }
    }

    private long word(long offset) {
        return memory.get(ValueLayout.JAVA_LONG, offset);
    }

    @Override
    public void close() {
        multiplexer.close();
    }
}
