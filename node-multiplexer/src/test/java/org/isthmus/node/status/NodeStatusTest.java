package org.isthmus.node.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.shm.SegmentDescriptor;
import org.isthmus.node.shm.StatusDescriptor;
import org.isthmus.node.spi.BackendCounters;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.MemoryRegion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one side writes into the status area, byte by byte, and what the other reads from it. */
class NodeStatusTest {
    private static final int PLACES = 3;
    private static final long WINDOW = 16 << 20;

    @TempDir
    Path directory;

    private Path file;
    private FileChannel channel;
    private NodeSegment segment;
    private NodeStatus status;
    private MemorySegment area;

    @BeforeEach
    void create() throws IOException {
        file = directory.resolve("segment");
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        segment = NodeSegment.create(channel, PLACES, WINDOW);
        status = new NodeStatus(segment);
        area = segment.memory().asSlice(segment.statusOffset(), StatusDescriptor.bytes(PLACES));
    }

    private JobStatus read() throws IOException {
        try (StatusReader reader = StatusReader.open(file).orElseThrow()) {
            return reader.read().orElseThrow();
        }
    }

    private void describe() {
        status.describe("0123abcd", "isthmus run", "org.example.Main", 7, 1, 4);
    }

    @Test
    void theAreaFollowsTheRankBlocksAndTheFailureBoard() throws IOException {
        assertEquals(SegmentDescriptor.fixedBytes(PLACES), segment.statusOffset());
        FileChannel other = FileChannel.open(directory.resolve("other"), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
        NodeSegment withBoard = NodeSegment.create(other, PLACES, WINDOW, true);
        assertTrue(withBoard.statusOffset() > SegmentDescriptor.fixedBytes(PLACES));
        withBoard.failureBoard().add(5);
        assertEquals(0, withBoard.memory().get(ValueLayout.JAVA_LONG, withBoard.statusOffset()));
    }

    @Test
    void theJobIsDescribedByteByByte() throws IOException {
        assertEquals(Optional.empty(), StatusReader.open(file).orElseThrow().read());
        long before = System.currentTimeMillis();
        describe();
        long started = area.get(ValueLayout.JAVA_LONG, 0);
        assertTrue(started >= before && started <= System.currentTimeMillis());
        assertEquals(7, area.get(ValueLayout.JAVA_INT, 8));
        assertEquals(1, area.get(ValueLayout.JAVA_INT, 12));
        assertEquals(4, area.get(ValueLayout.JAVA_INT, 16));
        assertEquals("0123abcd", area.getString(64, StandardCharsets.UTF_8));
        assertEquals("isthmus run", area.getString(96, StandardCharsets.UTF_8));
        assertEquals("org.example.Main", area.getString(128, StandardCharsets.UTF_8));
        assertEquals(new JobStatus("0123abcd", "isthmus run", "org.example.Main", 7, 1, 4, started, List.of(),
                List.of()), read());
    }

    @Test
    void textsAreCutBetweenCharactersAndHoldNoControls() throws IOException {
        String program = "ä".repeat(100);
        status.describe("x".repeat(40), "a\u001b[2J\nb", program, 1, 0, 1);
        JobStatus job = read();
        assertEquals("x".repeat(32), job.job());
        assertEquals("a [2J b", job.launcher());
        assertEquals("ä".repeat(64), job.program());
        status.describe("y", "z", "b" + program, 1, 0, 1);
        assertEquals("y", read().job());
        assertEquals("b" + "ä".repeat(63), read().program());
    }

    @Test
    void eachPlaceCountsInItsOwnWords() throws IOException {
        describe();
        status.joinAsRank(0, 5);
        status.joinAsMultiplexer(2);
        RankCounters counters = status.counters(0);
        counters.sent(Protocol.INLINE, 8);
        counters.sent(Protocol.INLINE, 0);
        counters.sent(Protocol.SELF, 3);
        counters.received(Protocol.EAGER, 1L << 40);
        counters.increment(RankCounter.WAKES);
        assertEquals(0, area.get(ValueLayout.JAVA_LONG, 256 + 64));
        counters.publish();
        RankCounters third = status.counters(2);
        third.increment(RankCounter.SLEEPS);
        third.publish();
        assertEquals(2, counters.get(RankCounter.SENT_INLINE));
        assertEquals(6, area.get(ValueLayout.JAVA_INT, 256));
        assertEquals(ProcessHandle.current().pid(), area.get(ValueLayout.JAVA_LONG, 256 + 8));
        assertEquals(2, area.get(ValueLayout.JAVA_LONG, 256 + 64));
        assertEquals(8, area.get(ValueLayout.JAVA_LONG, 256 + 64 + 8));
        assertEquals(1, area.get(ValueLayout.JAVA_LONG, 256 + 64 + 8 * 12));
        assertEquals(3, area.get(ValueLayout.JAVA_LONG, 256 + 64 + 8 * 13));
        assertEquals(1, area.get(ValueLayout.JAVA_LONG, 256 + 64 + 8 * 16));
        assertEquals(1L << 40, area.get(ValueLayout.JAVA_LONG, 256 + 64 + 8 * 17));
        assertEquals(-1, area.get(ValueLayout.JAVA_INT, 256 + 2 * 512));

        JobStatus job = read();
        assertEquals(List.of(5, RankStatus.MULTIPLEXER), job.ranks().stream().map(RankStatus::rank).toList());
        RankStatus rank = job.ranks().getFirst();
        assertEquals(2, rank.value(RankCounter.SENT_INLINE));
        assertEquals(8, rank.bytes(RankCounter.SENT_INLINE));
        assertEquals(1, rank.value(RankCounter.WAKES));
        assertEquals(0, rank.value(RankCounter.SLEEPS));
        assertEquals(8 + 2 + 1 + 3 + 1 + (1L << 40) + 1, LongStream.of(rank.values()).sum());
        assertEquals(1, job.ranks().get(1).value(RankCounter.SLEEPS));
    }

    /** Has counted 10 times its number of each. */
    private record CountingChannel(int peer) implements Channel {
        @Override
        public long counter(int index) {
            return 10L * index + peer;
        }

        @Override
        public int trySend(MemoryRegion region, long offset, int length, long context) {
            return CLOSED;
        }

        @Override
        public int trySendRegion(MemoryRegion region, long offset, long length, long context) {
            return CLOSED;
        }

        @Override
        public int tryReceiveRegion(MemoryRegion region, long offset, long length, long context) {
            return CLOSED;
        }

        @Override
        public ChannelFailure failure() {
            return null;
        }

        @Override
        public void close() {}
    }

    @Test
    void linksAreListedByNodeAndShardWithWhatTheirBackendCounts() throws IOException {
        describe();
        LinkTable table = status.createLinks(12, 2);
        table.describe(1, new BackendCounters("striped", List.of(new BackendCounters.Row("sockets", "in use"),
                new BackendCounters.Row("n".repeat(50), "of a long name"))));
        LinkCounters eleventh = table.link(11, 0);
        LinkCounters third = table.link(3, 1);
        for (int node = 4; node < 11; node++) {
            table.link(node, 1).increment(LinkCounter.PUSHED_BACK);
        }
        eleventh.add(LinkCounter.RECORDS_SENT, 9);
        eleventh.add(LinkCounter.FRAMES_SENT, 2);
        third.set(LinkCounter.FREE_FRAMES, 4);
        third.set(LinkCounter.FREE_FRAMES, 3);
        third.publish(new CountingChannel(3));
        List<LinkStatus> links = read().links();
        assertEquals(9, links.size());
        LinkStatus first = links.getFirst();
        assertEquals(3, first.peer());
        assertEquals(1, first.shard());
        assertEquals(3, first.value(LinkCounter.FREE_FRAMES));
        assertEquals(0, first.value(LinkCounter.PUSHED_BACK));
        assertEquals("striped", first.backend());
        assertEquals(Map.of("sockets", 3L, "n".repeat(40), 13L), first.backendValues());
        assertEquals(0, first.batch());
        LinkStatus last = links.getLast();
        assertEquals(11, last.peer());
        assertEquals(0, last.shard());
        assertEquals(4.5, last.batch());
        assertEquals(Map.of(), last.backendValues());
        for (LinkStatus link : links.subList(1, 8)) {
            assertEquals(1, link.value(LinkCounter.PUSHED_BACK), "node " + link.peer());
            assertEquals(1, LongStream.of(link.values()).sum(), "node " + link.peer());
        }
        assertThrows(IllegalArgumentException.class, () -> table.link(12, 0));
        assertThrows(IllegalArgumentException.class, () -> table.link(0, 2));
    }

    @Test
    void aSegmentThatIsNotLaidOutYetIsNotThere() throws IOException {
        Path empty = directory.resolve("empty");
        FileChannel.open(empty, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE).close();
        assertEquals(Optional.empty(), StatusReader.open(empty));
        segment.memory().set(ValueLayout.JAVA_INT, SegmentDescriptor.VERSION_OFFSET, 0);
        assertEquals(Optional.empty(), StatusReader.open(file));
    }

    @Test
    void anotherVersionSaysWhatToDo() {
        segment.memory().set(ValueLayout.JAVA_INT, SegmentDescriptor.VERSION_OFFSET, 99);
        IOException error = assertThrows(IOException.class, () -> StatusReader.open(file));
        assertTrue(error.getMessage().contains("version 99") && error.getMessage().contains("isthmus.jar"),
                error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(longs = {8, -8, 12345, Long.MAX_VALUE - 7, WINDOW << 10})
    void badOffsetsAreRefused(long offset) throws IOException {
        describe();
        status.createLinks(2, 1).link(1, 0);
        long links = area.get(ValueLayout.JAVA_LONG, StatusDescriptor.LINKS_OFFSET);
        segment.memory().set(ValueLayout.JAVA_LONG, links + StatusDescriptor.directory(1) + 8, offset);
        assertThrows(IOException.class, this::read);
        area.set(ValueLayout.JAVA_LONG, StatusDescriptor.LINKS_OFFSET, offset);
        assertThrows(IOException.class, this::read);
        segment.memory().set(ValueLayout.JAVA_LONG, SegmentDescriptor.STATUS_OFFSET, offset);
        assertThrows(IOException.class, () -> StatusReader.open(file));
    }

    @Test
    void badCountsAreRefused() throws IOException {
        describe();
        status.createLinks(2, 1).link(1, 0);
        long links = area.get(ValueLayout.JAVA_LONG, StatusDescriptor.LINKS_OFFSET);
        segment.memory().set(ValueLayout.JAVA_INT, links + StatusDescriptor.NAME_TABLES_OFFSET, 49);
        assertThrows(IOException.class, this::read);
        segment.memory().set(ValueLayout.JAVA_INT, links + StatusDescriptor.NAME_TABLES_OFFSET, 0);
        assertEquals(1, read().links().size());
        segment.memory().set(ValueLayout.JAVA_INT, links, Integer.MAX_VALUE);
        assertThrows(IOException.class, this::read);
    }
}
