package org.isthmus.tcpx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.TestNode;
import org.isthmus.tcpx.plugin.TestPlugin;
import org.isthmus.tcpx.plugin.TestPlugin.Statistic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A plugin that is slow, runs out of slots, fails or confuses requests, and nodes that do not agree on their engine.
 */
@Timeout(120)
class PluginFaultTest {
    private static final int LENGTH = 3_000_017;

    private String library;

    @BeforeEach
    void build() throws Exception {
        library = TestPlugin.build(8);
    }

    @AfterEach
    void endFault() {
        TestPlugin.fault(library, 0);
    }

    private Map<String, String> settings() {
        return Map.of("isthmus.tcpx.addresses", "127.0.0.1", "isthmus.tcpx.timeout.close", "50ms",
                "isthmus.tcpx.engine", "plugin", "isthmus.tcpx.plugin", library, "isthmus.tcpx.chunk", "64k");
    }

    private static void transfer(TcpxPair pair, int regions) {
        for (int i = 0; i < regions; i++) {
            TestNode.fill(pair.a.memory, 0, LENGTH, i);
            pair.b.memory.asSlice(0, LENGTH).fill((byte) 0);
            assertEquals(Channel.ACCEPTED, pair.ab.trySendRegion(pair.a.region, 0, LENGTH, i));
            assertEquals(Channel.ACCEPTED, pair.ba.tryReceiveRegion(pair.b.region, 0, LENGTH, i));
            int expected = i + 1;
            pair.until(() -> {
                assertEquals(Map.of(), pair.a.failures);
                assertEquals(Map.of(), pair.b.failures);
                return pair.a.regionsSent.size() == expected && pair.b.regionsReceived.size() == 2 * expected;
            });
            TestNode.verify(pair.b.memory, 0, LENGTH, i);
        }
    }

    @Test
    void nothingIsSetUpForAChunkAndSlotsAreNeverExceeded() throws IOException {
        try (TcpxPair pair = new TcpxPair(settings(), new HostUnpacker())) {
            transfer(pair, 1);
            long registrations = TestPlugin.statistic(library, Statistic.REGISTRATIONS);
            long requests = TestPlugin.statistic(library, Statistic.REQUESTS);
            transfer2(pair);
            assertEquals(registrations, TestPlugin.statistic(library, Statistic.REGISTRATIONS));
            assertTrue(TestPlugin.statistic(library, Statistic.REQUESTS) >= requests + 5 * (LENGTH >> 16));
            assertEquals(16, TestPlugin.statistic(library, Statistic.MOST));
            assertTrue(TestPlugin.statistic(library, Statistic.REFUSED) > 0);
        }
    }

    private static void transfer2(TcpxPair pair) {
        pair.a.regionsSent.clear();
        pair.b.regionsReceived.clear();
        transfer(pair, 5);
    }

    /** Copies when it is asked for the third time, from the bounce buffer as it is then. */
    private static final class LateUnpacker implements Unpacker {
        private record Copy(MemorySegment from, MemorySegment to) {}

        private final Queue<Copy> queue = new ArrayDeque<>();
        private long begun;
        private long finished;
        private int asked;

        @Override
        public long begin(MemorySegment bounce, MemorySegment place, long offset, int length) {
            queue.add(new Copy(bounce.asSlice(0, length), place.asSlice(offset, length)));
            return ++begun;
        }

        @Override
        public boolean isDone(long ticket) {
            if (finished < ticket && ++asked % 3 == 0) {
                Copy copy = queue.remove();
                copy.to.copyFrom(copy.from);
                finished++;
            }
            return finished >= ticket;
        }
    }

    @Test
    void aBufferIsGivenBackOnlyAfterItsUnpack() throws IOException {
        try (TcpxPair pair = new TcpxPair(settings(), new LateUnpacker())) {
            long consumed = TestPlugin.statistic(library, Statistic.CONSUMED);
            transfer(pair, 5);
            assertEquals(5 * ((LENGTH >> 16) + 1), TestPlugin.statistic(library, Statistic.CONSUMED) - consumed);
        }
    }

    /** Says that it has unpacked before it has: what the plugin then poisons must be seen. */
    private static final class HastyUnpacker implements Unpacker {
        private MemorySegment from;
        private MemorySegment to;

        @Override
        public long begin(MemorySegment bounce, MemorySegment place, long offset, int length) {
            if (from != null) {
                to.copyFrom(from);
            }
            from = bounce.asSlice(0, length);
            to = place.asSlice(offset, length);
            return 0;
        }

        @Override
        public boolean isDone(long ticket) {
            return true;
        }
    }

    @Test
    void anEarlyReleaseIsSeen() throws IOException {
        try (TcpxPair pair = new TcpxPair(settings(), new HastyUnpacker())) {
            TestNode.fill(pair.a.memory, 0, LENGTH, 1);
            assertEquals(Channel.ACCEPTED, pair.ab.trySendRegion(pair.a.region, 0, LENGTH, 1));
            assertEquals(Channel.ACCEPTED, pair.ba.tryReceiveRegion(pair.b.region, 0, LENGTH, 1));
            pair.until(() -> pair.b.regionsReceived.size() == 2);
            boolean wrong = false;
            try {
                TestNode.verify(pair.b.memory, 0, LENGTH - (1 << 16), 1);
            } catch (AssertionError e) {
                wrong = true;
            }
            assertTrue(wrong, "the plugin did not poison what was released");
        }
    }

    @Test
    void requestsThatChangePlacesArriveWhereTheyBelong() throws IOException {
        try (TcpxPair pair = new TcpxPair(settings(), new HostUnpacker())) {
            TestPlugin.fault(library, TestPlugin.FAULT_SWAP);
            transfer(pair, 3);
        }
    }

    private ChannelFailure failure(int fault) throws IOException {
        try (TcpxPair pair = new TcpxPair(settings(), new HostUnpacker())) {
            transfer(pair, 1);
            TestPlugin.fault(library, fault);
            assertEquals(Channel.ACCEPTED, pair.ab.trySendRegion(pair.a.region, 0, LENGTH, 1));
            assertEquals(Channel.ACCEPTED, pair.ba.tryReceiveRegion(pair.b.region, 0, LENGTH, 1));
            pair.until(() -> pair.a.failures.containsKey(1) && pair.b.failures.containsKey(0));
            return pair.a.failures.get(1);
        }
    }

    @Test
    void anErrorOfThePluginFailsBothEnds() throws IOException {
        ChannelFailure failure = failure(TestPlugin.FAULT_SEND);
        assertEquals(ChannelFailure.Cause.PEER_LOST, failure.cause());
        assertEquals("node 1: plugin test answered 6 (remote error) to isend", failure.description());
    }

    @Test
    void transfersUnderWayEndWhenThePeerIsLost() throws IOException {
        try (TcpxPair pair = new TcpxPair(settings(), new HostUnpacker())) {
            transfer(pair, 1);
            TestPlugin.fault(library, TestPlugin.FAULT_STALL);
            assertEquals(Channel.ACCEPTED, pair.ab.trySendRegion(pair.a.region, 0, LENGTH, 1));
            for (int i = 0; i < 100; i++) {
                pair.poll();
            }
            pair.b.endpoint.abort();
            pair.until(() -> pair.a.failures.containsKey(1));
            assertEquals(ChannelFailure.Cause.PEER_LOST, pair.a.failures.get(1).cause());
        }
    }

    @Test
    void controlSocketsThatBreakLoseNothing() throws IOException {
        try (TcpxPair pair = new TcpxPair(settings(), new HostUnpacker())) {
            for (int i = 0; i < 10; i++) {
                pair.a.regionsSent.clear();
                pair.b.regionsReceived.clear();
                transfer(pair, 1);
                assertTrue(pair.ab.breakLink(0, "test"));
                pair.until(() -> pair.count(TcpxCounters.Counter.LINKS_BROKEN) > 0 && pair.ab.liveLinks() == 1);
            }
        }
    }

    @Test
    void nodesOfTwoEnginesSaySo() throws IOException {
        refused(Map.of("isthmus.tcpx.engine", "sockets"), "isthmus.tcpx.engine");
    }

    @Test
    void nodesOfTwoChunkSizesSaySo() throws IOException {
        refused(Map.of("isthmus.tcpx.chunk", "128k"), "isthmus.tcpx.chunk is");
    }

    private void refused(Map<String, String> other, String text) throws IOException {
        Map<String, String> settings = new HashMap<>(settings());
        settings.putAll(other);
        try (TestNode a = TcpxPair.open(0, settings(), new HostUnpacker());
                TestNode b = TcpxPair.open(1, settings, new HostUnpacker())) {
            a.endpoint.connect(1, b.endpoint.address());
            while (!a.failures.containsKey(1) || !b.failures.containsKey(0)) {
                a.endpoint.poll(64);
                b.endpoint.poll(64);
                assertTrue(!Thread.interrupted(), "timed out");
            }
            for (ChannelFailure failure : new ChannelFailure[] {a.failures.get(1), b.failures.get(0)}) {
                assertEquals(ChannelFailure.Cause.REFUSED, failure.cause());
                assertTrue(failure.description().contains(text), failure.description());
            }
        }
    }
}
