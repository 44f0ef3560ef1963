package org.isthmus.tcpx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.TestNode;
import org.isthmus.node.wire.BadFrame;
import org.isthmus.node.wire.Greeting;
import org.isthmus.node.wire.HelloException;
import org.isthmus.node.wire.HelloExchange;
import org.isthmus.node.wire.JobIdentification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets that break, peers that lie, unpacks that take long. */
@Timeout(120)
class TcpxFaultTest {
    private static final Map<String, String> FOUR_CARDS = Map.of("isthmus.tcpx.addresses",
            "127.0.0.1,127.0.0.2,127.0.0.3,127.0.0.4", "isthmus.tcpx.timeout.close", "50ms", "isthmus.tcpx.chunk",
            "64k");
    private static final int LENGTH = 3_000_017;

    /** Sends regions and frames from a to b while {@code fault} is called now and then; checks all of them. */
    private static void transferDuring(TcpxPair pair, int regions, Runnable fault) {
        int frames = 20 * regions;
        int sentFrames = 0;
        for (int i = 0; i < regions; i++) {
            TestNode.fill(pair.a.memory, 0, LENGTH, i);
            pair.b.memory.asSlice(0, LENGTH).fill((byte) 0);
            long context = i;
            pair.until(() -> pair.ab.trySendRegion(pair.a.region, 0, LENGTH, context) == Channel.ACCEPTED);
            pair.until(() -> pair.ba.tryReceiveRegion(pair.b.region, 0, LENGTH, context) == Channel.ACCEPTED);
            for (int polls = 0; pair.b.regionsReceived.size() < 2 * (i + 1); polls++) {
                if (sentFrames < frames && pair.a.trySendFrame(pair.ab, 700) == Channel.ACCEPTED) {
                    sentFrames++;
                }
                if (polls == 3) {
                    fault.run();
                }
                pair.poll();
                assertEquals(Map.of(), pair.a.failures);
                assertEquals(Map.of(), pair.b.failures);
                assertTrue(!Thread.interrupted(), "timed out");
            }
            TestNode.verify(pair.b.memory, 0, LENGTH, i);
            pair.until(() -> pair.a.regionsSent.size() == context + 1);
        }
        long sent = pair.a.framesSent();
        pair.until(() -> pair.b.framesReceived == sent);
        assertTrue(sent > 0);
    }

    @Test
    void aFrameThatCameBeforeTheFirstPollIsNotLost() throws Exception {
        Map<String, String> oneCard =
                Map.of("isthmus.tcpx.addresses", "127.0.0.1", "isthmus.tcpx.timeout.close", "50ms");
        try (TestNode a = TcpxPair.open(0, oneCard, new HostUnpacker());
                TestNode b = TcpxPair.open(1, oneCard, new HostUnpacker())) {
            a.endpoint.connect(1, b.endpoint.address());
            while (!b.connected.containsKey(0)) {
                b.endpoint.poll(64);
                assertTrue(!Thread.interrupted(), "timed out");
            }
            assertEquals(Channel.ACCEPTED, b.trySendFrame(b.connected.get(0), 700));
            b.endpoint.poll(64);
            Thread.sleep(200); // so that connection and frame are both there when a looks
            while (a.framesReceived == 0) {
                a.endpoint.poll(64);
                b.endpoint.poll(64);
                assertTrue(!Thread.interrupted(), "timed out");
            }
            assertTrue(a.connected.containsKey(1));
        }
    }

    @Test
    void brokenSocketsLoseAndDoubleNothing() throws IOException {
        Random random = new Random(2);
        try (TcpxPair pair = new TcpxPair(FOUR_CARDS, new HostUnpacker())) {
            transferDuring(pair, 40, () -> {
                (random.nextBoolean() ? pair.ab : pair.ba).breakLink(random.nextInt(4), "test");
                pair.ab.breakLink(random.nextInt(4), "test");
            });
            assertTrue(pair.count(TcpxCounters.Counter.LINKS_BROKEN) >= 40, "no socket broke");
            assertTrue(pair.count(TcpxCounters.Counter.CHUNKS_RESENT) > 0, "nothing was sent again");
            pair.until(() -> pair.ab.liveLinks() == 4 && pair.ba.liveLinks() == 4);
        }
    }

    @Test
    void allSocketsAtOnceMayBreak() throws IOException {
        try (TcpxPair pair = new TcpxPair(FOUR_CARDS, new HostUnpacker())) {
            transferDuring(pair, 10, () -> {
                for (int slot = 0; slot < 4; slot++) {
                    pair.ba.breakLink(slot, "test");
                }
            });
            assertTrue(pair.count(TcpxCounters.Counter.LINKS_BROKEN) >= 40);
        }
    }

    @Test
    void chunksGoOverAllSockets() throws IOException {
        try (TcpxPair pair = new TcpxPair(FOUR_CARDS, new HostUnpacker())) {
            transferDuring(pair, 3, () -> { });
            long chunks = 3L * ((LENGTH + 65535) / 65536);
            assertEquals(chunks, pair.count(TcpxCounters.Counter.CHUNKS_SENT));
            assertEquals(chunks, pair.count(TcpxCounters.Counter.CHUNKS_RECEIVED));
            assertEquals(0, pair.count(TcpxCounters.Counter.CHUNKS_DUPLICATE));
        }
    }

    /** Copies when it is asked for the third time, as a kernel on a device would: later, from the bounce buffer. */
    private static final class LateUnpacker implements Unpacker {
        private record Copy(MemorySegment bounce, MemorySegment place, long offset, int length) {}

        private final Queue<Copy> copies = new ArrayDeque<>();
        private int asked;

        @Override
        public long begin(MemorySegment bounce, MemorySegment place, long offset, int length) {
            copies.add(new Copy(bounce, place, offset, length));
            return 0;
        }

        @Override
        public boolean isDone(long ticket) {
            if (++asked % 3 != 0) {
                return false;
            }
            Copy copy = copies.remove();
            MemorySegment.copy(copy.bounce(), 0, copy.place(), copy.offset(), copy.length());
            copy.bounce().fill((byte) 0xEE);
            return true;
        }
    }

    @Test
    void aBounceBufferIsKeptUntilItsUnpackIsDone() throws IOException {
        Map<String, String> settings = Map.of("isthmus.tcpx.addresses", "127.0.0.1,127.0.0.2",
                "isthmus.tcpx.timeout.close", "50ms", "isthmus.tcpx.chunk", "64k", "isthmus.tcpx.bounce", "true");
        try (TcpxPair pair = new TcpxPair(settings, new LateUnpacker())) {
            transferDuring(pair, 6, () -> pair.ba.breakLink(1, "test"));
            assertTrue(pair.count(TcpxCounters.Counter.BOUNCE_EXHAUSTED) > 0, "the buffers were never all in use");
        }
    }

    @Test
    void aBadFrameIsCountedAndClosesItsSocketAlone() throws IOException {
        try (TcpxPair pair = new TcpxPair(FOUR_CARDS, new HostUnpacker())) {
            InetSocketAddress listener = TcpxAddress.decode(pair.b.endpoint.address()).get(2);
            SocketChannel liar = SocketChannel.open(listener);
            long id = pair.ab.id();
            new HelloExchange(liar, TcpxPair.JOB, "b").dial(new Greeting(0, 1, 0, 0, 9, id));
            ByteBuffer garbage = ByteBuffer.allocate(100);
            new Random(1).nextBytes(garbage.array());
            liar.write(garbage);
            TcpxCounters counters = ((TcpxEndpoint) pair.b.endpoint).total();
            pair.until(() -> counters.badFrames(BadFrame.MAGIC) == 1);
            transferDuring(pair, 2, () -> { });
            liar.configureBlocking(true);
            ByteBuffer rest = ByteBuffer.allocate(1000);
            try {
                while (liar.read(rest.clear()) >= 0) {
                    assertTrue(!Thread.interrupted(), "timed out");
                }
            } catch (IOException e) {
                assertTrue(e.getMessage().contains("reset"), e.getMessage());
            }
            liar.close();
        }
    }

    /** A socket that was proven for a channel which has ended since; the news of it come late. */
    @Test
    void aLateSocketOfAnotherChannelEndsNoGoodOne() throws IOException {
        try (TcpxPair pair = new TcpxPair(FOUR_CARDS, new HostUnpacker())) {
            InetSocketAddress listener = TcpxAddress.decode(pair.a.endpoint.address()).get(0);
            for (TestNode node : List.of(pair.a, pair.b)) {
                SocketChannel late = SocketChannel.open(listener);
                ((TcpxEndpoint) node.endpoint).adopt(node == pair.a ? 1 : 0, pair.ab.id() + 2, 0, late, null);
                assertFalse(late.isOpen());
            }
            transferDuring(pair, 2, () -> { });
            assertEquals(4, pair.ab.liveLinks());
            assertEquals(4, pair.ba.liveLinks());
        }
    }

    @Test
    void aLateSocketDoesNotRenameAChannelThatConnects() throws IOException {
        try (TestNode a = TcpxPair.open(0, FOUR_CARDS, new HostUnpacker());
                TestNode b = TcpxPair.open(1, FOUR_CARDS, new HostUnpacker())) {
            TcpxChannel channel = (TcpxChannel) a.endpoint.connect(1, b.endpoint.address());
            long id = channel.id();
            SocketChannel late = SocketChannel.open(TcpxAddress.decode(a.endpoint.address()).get(0));
            ((TcpxEndpoint) a.endpoint).adopt(1, id + 2, 0, late, null);
            assertFalse(late.isOpen());
            assertEquals(id, channel.id());
            while (!b.connected.containsKey(0) || !a.connected.containsKey(1)) {
                a.endpoint.poll(64);
                b.endpoint.poll(64);
                assertTrue(!Thread.interrupted(), "timed out");
            }
            assertEquals(id, ((TcpxChannel) b.connected.get(0)).id());
        }
    }

    /** Who has not the secret, or is no node of the job, changes nothing, whatever it says to be. */
    @Test
    void aPeerThatIsNotProvenOrNotListedDisplacesNobody() throws IOException {
        try (TcpxPair pair = new TcpxPair(FOUR_CARDS, new HostUnpacker())) {
            long id = pair.ab.id();
            byte[] wrong = new byte[32];
            wrong[0] = 1;
            JobIdentification unproven = new JobIdentification("job", wrong);
            for (Greeting greeting : List.of(new Greeting(0, 1, 0, 0, 0, id), new Greeting(0, 1, 0, 0, 0, id + 2),
                    new Greeting(2, 1, 0, 0, 0, id))) {
                assertRefused(pair, unproven, greeting, HelloException.Cause.WRONG_SECRET);
            }
            for (Greeting greeting : List.of(new Greeting(-1, 1, 0, 0, 0, id), new Greeting(8, 1, 0, 0, 0, id),
                    new Greeting(1, 1, 0, 0, 0, id), new Greeting(0, 1, 0, 0, -1, id),
                    new Greeting(0, 1, 0, 0, TcpxEndpoint.MAX_LINKS, id), new Greeting(0, 1, 0, 0, 0, 0))) {
                assertRefused(pair, TcpxPair.JOB, greeting, HelloException.Cause.NOT_ADMITTED);
            }
            transferDuring(pair, 2, () -> { });
            assertEquals(id, pair.ba.id());
            assertEquals(4, pair.ab.liveLinks());
            assertEquals(4, pair.ba.liveLinks());
        }
    }

    private static void assertRefused(TcpxPair pair, JobIdentification job, Greeting greeting,
            HelloException.Cause cause) throws IOException {
        try (SocketChannel socket = SocketChannel.open(TcpxAddress.decode(pair.b.endpoint.address()).get(0))) {
            HelloException refusal = assertThrows(HelloException.class,
                    () -> new HelloExchange(socket, job, "b").dial(greeting), greeting.toString());
            assertEquals(cause, refusal.reason(), greeting.toString());
        }
    }

    @Test
    void aSilentStrangerHoldsUpNobody() throws IOException {
        try (TcpxPair pair = new TcpxPair(FOUR_CARDS, new HostUnpacker());
                SocketChannel stranger = SocketChannel.open(TcpxAddress.decode(pair.b.endpoint.address()).get(0))) {
            stranger.write(ByteBuffer.wrap(new byte[] {1}));
            transferDuring(pair, 2, () -> { });
            assertEquals(4, pair.ba.liveLinks());
        }
    }
}
