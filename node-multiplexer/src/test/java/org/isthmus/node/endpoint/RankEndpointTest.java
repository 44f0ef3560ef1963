package org.isthmus.node.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.Mailbox;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.SegmentDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RankEndpointTest {
    private static final int SWEEP = 1024;
    private static final int UNTIL_COLD = 8 * SWEEP;

    @TempDir
    private Path directory;

    @Test
    void pollTakesFromFortyRanksABurstEach() throws IOException {
        int ranks = 41;
        TestNode node = new TestNode(directory, ranks, 1);
        for (int from = 1; from < ranks; from++) {
            for (int i = 0; i < 100; i++) {
                while (!node.trySend(from, 0, 8)) {
                    node.endpoint(0).poll();
                }
            }
        }
        while (node.endpoint(0).poll() > 0) {
            assertTrue(node.received(1, 0) <= 100);
        }
        for (int from = 1; from < ranks; from++) {
            assertEquals(100, node.received(from, 0), "from " + from);
            assertTrue(node.trySend(from, 0, 8));
        }
        assertEquals(40, node.endpoint(0).poll());
        while (node.trySend(7, 0, 8)) {
            assertTrue(node.sent(7, 0) < 10_000);
        }
        assertTrue(node.trySend(8, 0, 8));
        assertEquals(33, node.endpoint(0).poll());
    }

    @Test
    void idleRingsGoColdAndTheActivityBitmapWakesThem() throws IOException {
        int ranks = 70;
        TestNode node = new TestNode(directory, ranks, 1);
        int polls = contactAll(node, ranks);
        assertEquals(0, attention(node));
        polls += pollIdle(node, UNTIL_COLD);
        assertEquals(SegmentDescriptor.COLD, attention(node));
        for (int from = 1; from < ranks; from++) {
            assertTrue(node.trySend(from, 0, 8));
            assertTrue(node.endpoint(0).poll() + node.endpoint(0).poll() > 0, "from " + from + " after " + polls);
            assertEquals(node.sent(from, 0), node.received(from, 0));
        }
        pollIdle(node, SWEEP);
        assertEquals(0, attention(node), "with every ring hot again, senders need not raise bits");
    }

    /** However a cold ring's record is found, by its bit or by the sweep, the next ones are found at once. */
    @Test
    void aRecordFoundByTheSweepMakesItsRingHot() throws IOException {
        int ranks = 20;
        TestNode node = new TestNode(directory, ranks, 1);
        int polls = contactAll(node, ranks);
        polls += pollIdle(node, UNTIL_COLD);
        assertEquals(SegmentDescriptor.COLD, attention(node));
        pollIdle(node, SWEEP - 1 - polls % SWEEP);
        for (int from = 1; from < ranks; from++) {
            assertTrue(node.trySend(from, 0, 8));
        }
        assertEquals(ranks - 1, node.endpoint(0).poll());
        for (int from = 1; from < ranks; from++) {
            assertTrue(node.trySend(from, 0, 8));
        }
        assertEquals(ranks - 1, node.endpoint(0).poll() + node.endpoint(0).poll());
    }

    /** A sender that looked at the attention word before the receiver asked for bits is noticed without a bit. */
    @Test
    void aRecordWithoutABitIsFoundWhileItsRingCools() throws IOException {
        int ranks = 20;
        TestNode node = new TestNode(directory, ranks, 1);
        contactAll(node, ranks);
        int idle = 0;
        while (attention(node) == 0) {
            idle += pollIdle(node, 1);
            assertTrue(idle < UNTIL_COLD);
        }
        long attention = SegmentDescriptor.rankLine(ranks, 0) + SegmentDescriptor.ATTENTION_OFFSET;
        node.memory.set(ValueLayout.JAVA_INT, attention, 0);
        assertTrue(node.trySend(ranks - 1, 0, 8));
        node.memory.set(ValueLayout.JAVA_INT, attention, SegmentDescriptor.COLD);
        assertEquals(1, node.endpoint(0).poll());
    }

    private static int contactAll(TestNode node, int ranks) {
        int polls = 0;
        for (int from = 1; from < ranks; from++) {
            assertTrue(node.trySend(from, 0, 8));
            polls++;
            assertEquals(2, node.endpoint(0).poll());
        }
        return polls;
    }

    private static int pollIdle(TestNode node, int polls) {
        for (int i = 0; i < polls; i++) {
            assertEquals(0, node.endpoint(0).poll());
        }
        return polls;
    }

    private static int attention(TestNode node) {
        return node.memory.get(ValueLayout.JAVA_INT,
                SegmentDescriptor.rankLine(node.segment.ranks(), 0) + SegmentDescriptor.ATTENTION_OFFSET);
    }

    @Test
    void threadsExchangeInOrder() throws IOException {
        int ranks = 12;
        TestNode node = new TestNode(directory, ranks, 6);
        int records = 20_000;
        AtomicInteger running = new AtomicInteger(ranks);
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            int me = rank;
            threads.add(CompletableFuture.runAsync(() -> exchange(node, me, ranks, records, running),
                    task -> new Thread(task).start()));
        }
        threads.forEach(CompletableFuture::join);
        for (int from = 0; from < ranks; from++) {
            for (int to = 0; to < ranks; to++) {
                assertEquals(node.sent(from, to), node.received(from, to), from + " to " + to);
            }
        }
    }

    private static void exchange(TestNode node, int me, int ranks, int records, AtomicInteger running) {
        Random random = new Random(me);
        for (int i = 0; i < records; i++) {
            int to = random.nextInt(100) < 90 ? (me + 1) % ranks : random.nextInt(ranks);
            int bytes = random.nextInt(200);
            while (!node.trySend(me, to, bytes)) {
                if (node.endpoint(me).poll() == 0) {
                    Thread.yield();
                }
            }
        }
        running.decrementAndGet();
        while (running.get() > 0) {
            if (node.endpoint(me).poll() == 0) {
                Thread.yield();
            }
        }
        while (node.endpoint(me).poll() > 0) {
            assertEquals(0, running.get());
        }
    }

    @Test
    void aRingAnnouncedAtABadPlaceIsCorrupt() throws IOException {
        long extent = newNode().segment.pool().used() - 16384;
        long used = extent + 16384;
        long[][] bad = {{4096, 8192}, {0, 8192}, {-64, 8192}, {extent + 8, 8192}, {used, 8192}, {used - 4096, 8192},
            {Long.MAX_VALUE - 63, 8192}, {extent, 100}, {extent, 64}, {extent, -8192}, {extent, 4128},
            {extent, (1L << 32) + 8192}, {extent, 1L << 40}, {used - 32, 0}};
        for (long[] announced : bad) {
            TestNode node = newNode();
            announce(node, 1, announced[0], announced[1]);
            CorruptRecordException corrupt = assertThrows(CorruptRecordException.class, node.endpoint(0)::poll,
                    announced[1] + " bytes at " + announced[0]);
            assertTrue(corrupt.getMessage().contains(announced[1] + " bytes at " + announced[0] + " from rank 1"),
                    corrupt.getMessage());
        }
    }

    /** A node of two ranks with an extent of four pages. */
    private TestNode newNode() throws IOException {
        TestNode node = new TestNode(Files.createTempDirectory(directory, "node"), 2, 1);
        node.segment.pool().allocateExtent(16384);
        return node;
    }

    @Test
    void aSecondRingAndAnUnknownSourceAreCorrupt() throws IOException {
        TestNode twice = newNode();
        long extent = twice.segment.pool().used() - 16384;
        announce(twice, 1, extent, 8192);
        assertEquals(1, twice.endpoint(0).poll());
        announce(twice, 1, extent, 8192);
        assertThrows(CorruptRecordException.class, twice.endpoint(0)::poll);
        for (int source : new int[] {2, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            TestNode node = newNode();
            announce(node, source, extent, 8192);
            CorruptRecordException corrupt = assertThrows(CorruptRecordException.class, node.endpoint(0)::poll);
            assertTrue(corrupt.getMessage().contains("source " + source), corrupt.getMessage());
        }
    }

    /** Of several that die while they write to a mailbox none holds up the living for longer than it is unknown. */
    @Test
    void whatTheLostHaveClaimedIsSkipped() throws IOException {
        TestNode node = new TestNode(directory, 5, 1);
        long mailbox = SegmentDescriptor.mailbox(5, 0);
        assertTrue(new Mailbox(node.memory, mailbox).claim(1) > 0);
        assertTrue(node.trySend(2, 0, 8));
        assertTrue(new Mailbox(node.memory, mailbox).claim(3) > 0);
        assertTrue(new Mailbox(node.memory, mailbox).claim(1) > 0);
        assertTrue(node.trySend(4, 0, 8));
        assertEquals(0, node.endpoint(0).poll());
        node.endpoint(0).lose(3);
        assertEquals(0, node.endpoint(0).poll());
        node.endpoint(0).lose(1);
        assertEquals(2, node.endpoint(0).poll());
        assertEquals(1, node.received(2, 0));
        assertEquals(1, node.received(4, 0));
    }

    /** Its bit in the activity bitmap was not raised any more: its ring is not among those that are looked at. */
    @Test
    void whatTheLostHaveSentIsTakenAtOnce() throws IOException {
        int ranks = 20;
        TestNode node = new TestNode(directory, ranks, 1);
        contactAll(node, ranks);
        pollIdle(node, UNTIL_COLD);
        long attention = SegmentDescriptor.rankLine(ranks, 0) + SegmentDescriptor.ATTENTION_OFFSET;
        node.memory.set(ValueLayout.JAVA_INT, attention, 0);
        for (int i = 0; i < 40; i++) {
            assertTrue(node.trySend(ranks - 1, 0, 8));
        }
        node.endpoint(0).lose(ranks - 1);
        assertEquals(41, node.received(ranks - 1, 0));
    }

    private static void announce(TestNode node, int source, long ring, long ringBytes) {
        Mailbox mailbox = new Mailbox(node.memory, SegmentDescriptor.mailbox(2, 0));
        long payload = mailbox.claim(1);
        node.memory.set(ValueLayout.JAVA_LONG, payload, ring);
        node.memory.set(ValueLayout.JAVA_LONG, payload + 8, ringBytes);
        mailbox.publish(source, RecordDescriptor.header(RecordDescriptor.KIND_RING_CREATED, 0, 0, 16));
    }
}
