package org.isthmus.node.mux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.isthmus.node.config.Settings;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.OneSidedRecordDescriptor;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.spi.LoopbackBackend;
import org.isthmus.node.spi.MemoryRegion;
import org.isthmus.node.spi.RemoteRegion;
import org.isthmus.node.spi.TestNode;
import org.isthmus.node.status.LinkCounters;
import org.isthmus.node.status.NodeStatus;
import org.isthmus.node.wire.JobIdentification;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ranks and other nodes may say about one-sided operations, and what is refused before anything is done. */
class OneSidedWireTest {
    private static final int NODE = 1;

    @TempDir
    Path directory;

    private final MemorySegment frame = MemorySegment.ofArray(new long[32]);
    private RankEndpoint endpoint;
    private NodeRanks ranks;
    private Endpoint backend;
    private SegmentRegions regions;
    private OneSidedOperations operations;
    private IntFunction<Outbound> frames = node -> {
        throw new IllegalStateException("something leaves for node " + node);
    };
    private long record;
    private long memory;

    @BeforeEach
    void open() throws Exception {
        ranks = new NodeRanks(2, 0);
        endpoint = MultiplexerPlace.open(directory, ranks);
        JobIdentification job = new JobIdentification("job", new byte[JobIdentification.MIN_SECRET_BYTES]);
        TestNode owner = new TestNode(new LoopbackBackend(),
                handler -> new EndpointContext(job, 0, 2, 0, Settings.load(), handler), 1024);
        backend = owner.endpoint;
        regions = new SegmentRegions(endpoint.memory(), backend);
        operations = new OneSidedOperations(endpoint, ranks, backend, regions, new NoticeBoard(endpoint, ranks), 2,
                node -> frames.apply(node));
        record = endpoint.segment().pool().allocateExtent(64);
        memory = endpoint.segment().pool().allocateExtent(4096);
    }

    private void ask(int operation, long... words) {
        for (int i = 0; i < words.length; i++) {
            endpoint.memory().set(RelayedRecord.LONG, record + (long) i * Long.BYTES, words[i]);
        }
        operations.onRecord(0, NODE, 1, RecordDescriptor.header(OneSidedRecordDescriptor.KIND, operation, 7,
                RemoteRecordDescriptor.BYTES + words.length * Long.BYTES), record);
    }

    private void assertRefused(int operation, long... words) {
        assertThrows(CorruptRecordException.class, () -> ask(operation, words));
        assertTrue(operations.isIdle());
    }

    private void arrive(int kind, long... words) {
        int payload = RemoteRecordDescriptor.BYTES + words.length * Long.BYTES;
        long header = RecordDescriptor.header(OneSidedRecordDescriptor.KIND, kind, 0, payload);
        frame.set(RelayedRecord.LONG, 0, header);
        for (int i = 0; i < words.length; i++) {
            frame.set(RelayedRecord.LONG, RelayedRecord.PAYLOAD_OFFSET + (long) i * Long.BYTES, words[i]);
        }
        operations.onFrameRecord(NODE, header, frame, 0);
    }

    /** Keeps the words of each frame that leaves through it. */
    private Outbound capture(List<long[]> sent) throws IOException {
        Channel channel = (Channel) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Channel.class},
                (proxy, method, of) -> switch (method.getName()) {
                    case "peer" -> NODE;
                    case "trySend" -> {
                        MemorySegment memory = ((MemoryRegion) of[0]).memory().asSlice((long) of[1], (int) of[2]);
                        sent.add(memory.toArray(ValueLayout.JAVA_LONG));
                        yield Channel.ACCEPTED;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        LinkCounters counters = new ShardLinks(new NodeStatus(endpoint.segment()).createLinks(2, 1), 0, 2).of(channel);
        return new Outbound(endpoint, ranks, new Lanes(2, 4096), new MultiplexerOptions(0, 4096, 4096), 2, backend,
                channel, Arena.ofAuto(), counters, new ActiveSet(2));
    }

    @Test
    void multiplexersAskAndGiveInTheWordsOfTheLayout() throws IOException {
        List<long[]> sent = new ArrayList<>();
        Outbound out = capture(sent);
        frames = node -> out;
        ask(OneSidedRecordDescriptor.READ, memory, 4096, (5L << 21) + 64, 0, 0);
        operations.flush();
        out.flush(0, false);
        assertArrayEquals(new long[] {0x6_c018, 1, (5L << 21) + 64, 4096}, sent.removeFirst());
        arrive(OneSidedRecordDescriptor.WANT, memory, 4096);
        out.flush(0, false);
        RemoteRegion given = regions.at(memory).remote();
        assertArrayEquals(new long[] {0x7_c028, 0, memory >>> 21, given.address(), given.bytes(), given.key()},
                sent.removeFirst());
        assertEquals(List.of(), sent);
    }

    @Test
    void operationsThatLieOutsideAreRefused() {
        long end = endpoint.memory().byteSize();
        assertRefused(OneSidedRecordDescriptor.WRITE, memory, 8, 0, 0);
        assertRefused(OneSidedRecordDescriptor.WRITE, memory, 0, 0, 0, 0);
        assertRefused(OneSidedRecordDescriptor.WRITE, memory, -1, 0, 0, 0);
        assertRefused(OneSidedRecordDescriptor.WRITE, memory, Long.MAX_VALUE, 0, 0, 0);
        assertRefused(OneSidedRecordDescriptor.READ, memory, 8, -1, 0, 0);
        assertRefused(OneSidedRecordDescriptor.READ, memory, 8, Long.MAX_VALUE, 0, 0);
        assertRefused(OneSidedRecordDescriptor.READ, -8, 8, 0, 0, 0);
        assertRefused(OneSidedRecordDescriptor.READ, end, 8, 0, 0, 0);
        assertRefused(OneSidedRecordDescriptor.FETCH_ADD, memory, 16, 0, 1, 0);
        assertRefused(OneSidedRecordDescriptor.COMPARE_SWAP, memory, 8, 4, 1, 0);
    }

    @Test
    void theFirstUseOfAPartAsksForItAndTheOthersWait() {
        ask(OneSidedRecordDescriptor.READ, memory, 4096, 5L << 21, 0, 0);
        IllegalStateException asks = assertThrows(IllegalStateException.class, operations::flush);
        assertTrue(asks.getMessage().contains("node 1"), asks.getMessage());
        ask(OneSidedRecordDescriptor.READ, memory, 8, (5L << 21) + 8, 0, 0);
        assertEquals(0, operations.flush(), "it was asked for once");
        assertThrows(CorruptRecordException.class, () -> arrive(OneSidedRecordDescriptor.GIVEN, 4, 4096, 1 << 21, 1));
        arrive(OneSidedRecordDescriptor.GIVEN, 5, 4096, 1 << 21, 1);
        assertThrows(CorruptRecordException.class, () -> arrive(OneSidedRecordDescriptor.GIVEN, 5, 4096, 1 << 21, 1));
        assertThrows(IllegalStateException.class, operations::flush, "it goes on with the channel");
    }

    @Test
    void memoryThatIsNotThereIsNotGiven() {
        long end = endpoint.memory().byteSize();
        assertThrows(CorruptRecordException.class, () -> arrive(OneSidedRecordDescriptor.WANT, end, 8));
        assertThrows(CorruptRecordException.class, () -> arrive(OneSidedRecordDescriptor.WANT, -1, 8));
        assertThrows(CorruptRecordException.class, () -> arrive(OneSidedRecordDescriptor.WANT, memory, 0));
        assertThrows(CorruptRecordException.class, () -> arrive(OneSidedRecordDescriptor.WANT, memory, end));
        assertThrows(CorruptRecordException.class, () -> arrive(OneSidedRecordDescriptor.WANT, memory));
        assertThrows(CorruptRecordException.class, () -> arrive(OneSidedRecordDescriptor.DONE));
        IllegalStateException gives = assertThrows(IllegalStateException.class,
                () -> arrive(OneSidedRecordDescriptor.WANT, memory, 4096));
        assertTrue(gives.getMessage().contains("node 1"), gives.getMessage());
    }
}
