package org.isthmus.node.mux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RemoteLink;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.spi.Capabilities;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointAddress;
import org.isthmus.node.spi.MemoryRegion;
import org.isthmus.node.status.NodeStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node of one rank that talks to very many ranks elsewhere, most of which are at rest. */
@Timeout(120)
class SenderTest {
    private static final int PEERS = 10_000;
    private static final int KIND = 1;
    private static final int RECORD_BYTES = 24;
    private static final int FRAME_BYTES = 480;
    private static final EndpointOptions OPTIONS = new EndpointOptions(8192, 16, 16 << 20, 10, 10);

    @TempDir
    Path directory;

    private final Wire wire = new Wire();
    private RankEndpoint rank;
    private Sender sender;
    private NodeRanks ranks;
    private final Map<Integer, Integer> sent = new HashMap<>();
    /** By rank, how many of its records have left, in order. */
    private final Map<Integer, Integer> left = new HashMap<>();
    private long now;

    /** Takes every frame, and gives it back in the next poll. */
    private final class Wire implements Endpoint {
        private record Frame(int node, long context) {}

        private final ArrayDeque<Frame> frames = new ArrayDeque<>();

        private record Memory(MemorySegment memory) implements MemoryRegion {
            @Override
            public void close() {
                // it is nothing but memory
            }
        }

        @Override
        public EndpointAddress address() {
            return new EndpointAddress("test", new byte[1]);
        }

        @Override
        public Capabilities capabilities() {
            return new Capabilities(FRAME_BYTES, 1 << 20, 1, 1, 1, Capabilities.Delivery.RELIABLE,
                    Capabilities.OneSided.NONE, false);
        }

        @Override
        public MemoryRegion register(MemorySegment memory) {
            return new Memory(memory);
        }

        @Override
        public Channel connect(int node, EndpointAddress address) {
            return new WireChannel(node);
        }

        @Override
        public int poll(int limit) {
            int done = frames.size();
            for (int i = 0; i < done; i++) {
                Frame frame = frames.remove();
                sender.onSent(frame.node, frame.context);
            }
            return done;
        }

        @Override
        public void await(long nanos) {
            throw new AssertionError("nobody waits here");
        }

        @Override
        public void wakeup() {
            throw new AssertionError("nobody waits here");
        }

        @Override
        public void abort() {
            frames.clear();
        }

        @Override
        public void close() {
            frames.clear();
        }
    }

    private final class WireChannel implements Channel {
        private final int node;

        WireChannel(int node) {
            this.node = node;
        }

        @Override
        public int peer() {
            return node;
        }

        @Override
        public int trySend(MemoryRegion region, long offset, int length, long context) {
            for (long record = offset; record < offset + length; record += RECORD_BYTES) {
                int to = RelayedRecord.destination(region.memory(), record);
                assertEquals(left.merge(to, 1, Integer::sum).longValue(),
                        region.memory().get(RelayedRecord.LONG, record + RelayedRecord.PAYLOAD_OFFSET),
                        "to rank " + to);
            }
            wire.frames.add(new Wire.Frame(node, context));
            return ACCEPTED;
        }

        @Override
        public int trySendRegion(MemoryRegion region, long offset, long length, long context) {
            return BACK_PRESSURED;
        }

        @Override
        public int tryReceiveRegion(MemoryRegion region, long offset, long length, long context) {
            return BACK_PRESSURED;
        }

        @Override
        public ChannelFailure failure() {
            return null;
        }

        @Override
        public void close() {
            throw new AssertionError("nobody closes here");
        }
    }

    /** Rank 0 is here; ranks 1 to PEERS are on {@code nodes} other nodes in turn. */
    private void open(int nodes, long creditBytes) throws IOException {
        FileChannel file = FileChannel.open(directory.resolve("segment"), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
        ranks = new NodeRanks(PEERS + 1, 0);
        NodeSegment segment = NodeSegment.create(file, ranks.places(), 1L << 28);
        rank = new RankEndpoint(segment, 0, OPTIONS, true);
        RankEndpoint place = new RankEndpoint(segment, ranks.multiplexer(0), OPTIONS, true);
        sender = new Sender(place, ranks, 0, new MultiplexerOptions(0, creditBytes, 1 << 20));
        int[] nodeOfRank = new int[PEERS + 1];
        Arrays.setAll(nodeOfRank, r -> r == 0 ? 0 : 1 + (r - 1) % nodes);
        EndpointAddress[][] addresses = new EndpointAddress[1 + nodes][];
        Arrays.fill(addresses, new EndpointAddress[] {wire.address()});
        sender.begin(wire, new NodeDirectory(nodeOfRank, addresses),
                new ShardLinks(new NodeStatus(segment).createLinks(1 + nodes, 1), 0, 1 + nodes));
    }

    private void send(int to) {
        RemoteLink link = new RemoteLink(rank, rank.link(ranks.multiplexer(0)), 0, to);
        long payload;
        while ((payload = link.claim(Long.BYTES)) == RemoteLink.BACK_PRESSURED) {
            round();
        }
        rank.memory().set(ValueLayout.JAVA_LONG, payload, (long) sent.merge(to, 1, Integer::sum));
        link.publish(RecordDescriptor.header(KIND, 0, 0, Long.BYTES));
    }

    private int round() {
        now += 1000;
        return sender.take(now) + sender.flush(now, false) + wire.poll(64);
    }

    private void untilIdle() {
        while (round() > 0) {
            assertTrue(!Thread.interrupted(), "timed out");
        }
    }

    /** Contacts all of them, then talks to two; nothing but those costs anything. */
    @ParameterizedTest
    @ValueSource(ints = {PEERS, 100, 1})
    void roundsVisitOnlyNodesWithWork(int nodes) throws IOException {
        open(nodes, 1 << 20);
        for (int to = 1; to <= PEERS; to++) {
            send(to);
        }
        untilIdle();
        assertEquals(sent, left);
        assertTrue(sender.isIdle());
        long before = sender.visits();
        int rounds = 200;
        for (int i = 0; i < rounds; i++) {
            send(17);
            send(PEERS);
            round();
        }
        untilIdle();
        assertEquals(sent, left);
        assertTrue(sender.visits() - before <= 2L * 2 * rounds, sender.visits() - before + " visits");
        before = sender.visits();
        for (int i = 0; i < rounds; i++) {
            round();
        }
        assertEquals(before, sender.visits());
    }

    /** All ranks of a node lack credit; as it comes back, each destination is looked at for its own records only. */
    @Test
    void destinationsWithoutCreditCostNothingUntilItComes() throws IOException {
        long credit = RECORD_BYTES;
        open(1, credit);
        for (int i = 0; i < 2; i++) {
            for (int to = 1; to <= PEERS; to++) {
                send(to);
            }
        }
        untilIdle();
        Outbound outbound = sender.outbound(1);
        assertEquals(PEERS, left.size());
        assertEquals(PEERS, left.values().stream().mapToInt(Integer::intValue).sum());
        assertTrue(!sender.isIdle());
        long turns = outbound.turns();
        long visits = sender.visits();
        untilIdle();
        assertEquals(turns, outbound.turns());
        assertEquals(visits, sender.visits());
        int[] active = {5, 9_999};
        int rounds = 50;
        for (int i = 0; i < rounds; i++) {
            for (int to : active) {
                send(to);
                sender.onCredit(to, credit);
            }
            untilIdle();
        }
        for (int to : active) {
            assertEquals(1 + rounds, left.get(to));
        }
        assertTrue(outbound.turns() - turns <= 2L * active.length * rounds, outbound.turns() - turns + " turns");
        for (int to = 1; to <= PEERS; to++) {
            sender.onCredit(to, credit);
        }
        untilIdle();
        assertEquals(sent, left);
        assertTrue(sender.isIdle());
    }
}
