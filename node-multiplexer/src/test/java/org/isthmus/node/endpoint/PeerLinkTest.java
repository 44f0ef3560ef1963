package org.isthmus.node.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.isthmus.allocator.segment.SegmentFullException;
import org.isthmus.node.shm.MailboxDescriptor;
import org.isthmus.node.shm.ring.RingVariant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeerLinkTest {
    @TempDir
    private Path directory;

    @Test
    void firstContactMakesARing() throws IOException {
        TestNode node = new TestNode(directory, 2, 4);
        PeerLink link = node.endpoint(0).link(1);
        long before = node.segment.pool().used();
        assertEquals(MailboxDescriptor.MAX_PAYLOAD, link.maxPayload());
        assertEquals(0, link.grantedBytes());
        assertEquals(before, node.segment.pool().used());
        assertTrue(node.trySend(0, 1, 100));
        assertEquals(before + TestNode.RING_BYTES, node.segment.pool().used());
        assertEquals(RingVariant.VALIDITY.maxPayload(TestNode.RING_BYTES), link.maxPayload());
        assertNull(node.endpoint(1).ringFrom(0));
        assertEquals(2, node.endpoint(1).poll());
        assertEquals(1, node.received(0, 1));
        assertNotNull(node.endpoint(1).ringFrom(0));
        assertTrue(node.trySend(0, 1, link.maxPayload()));
        assertEquals(1, node.endpoint(1).poll());
        node.endpoint(1).grant(0, 1000, 500);
        assertEquals(1000, link.grantedBytes());
    }

    @Test
    void beyondTheRingBudgetRecordsGoByMailbox() throws IOException {
        TestNode node = new TestNode(directory, 4, 1);
        assertTrue(node.trySend(0, 1, 8));
        for (int to = 2; to < 4; to++) {
            PeerLink link = node.endpoint(0).link(to);
            assertTrue(node.trySend(0, to, link.maxPayload()));
            assertEquals(MailboxDescriptor.MAX_PAYLOAD, link.maxPayload());
            assertTrue(node.trySend(0, to, link.maxPayload()));
            assertTrue(node.trySend(0, to, 0));
            IllegalArgumentException large =
                    assertThrows(IllegalArgumentException.class, () -> link.claim(link.maxPayload() + 1));
            assertTrue(large.getMessage().contains("233") && large.getMessage().contains("232"), large.getMessage());
            assertEquals(4, node.endpoint(to).poll());
            assertEquals(3, node.received(0, to));
            assertNull(node.endpoint(to).ringFrom(0));
            node.endpoint(to).grant(0, 10 * to, 1);
            assertEquals(10 * to, link.grantedBytes());
        }
    }

    @Test
    void aFullMailboxIsBackPressureThatTakesNoMemory() throws IOException {
        TestNode node = new TestNode(directory, 3, 0);
        while (node.trySend(0, 2, 8)) {
            assertTrue(node.sent(0, 2) < MailboxDescriptor.CELLS);
        }
        assertEquals(MailboxDescriptor.CELLS - 1, node.sent(0, 2));
        assertFalse(node.trySend(1, 2, 8));
        long used = node.segment.pool().used();
        for (int i = 0; i < 1000; i++) {
            assertFalse(node.trySend(1, 2, 8));
        }
        assertEquals(used, node.segment.pool().used());
        while (node.received(0, 2) < node.sent(0, 2)) {
            assertTrue(node.endpoint(2).poll() > 0);
        }
        assertTrue(node.trySend(1, 2, 8));
        assertEquals(2, node.endpoint(2).poll());
        assertEquals(1, node.received(1, 2));
    }

    /** A rank that finds no memory for its ring leaves the receiver's mailbox as it was. */
    @Test
    void aFirstContactWithoutMemoryHindersNobodyElse() throws IOException {
        TestNode node = new TestNode(directory, 3, 0);
        assertTrue(node.trySend(1, 2, 8));
        long room = node.segment.memory().byteSize() - node.segment.pool().used();
        node.segment.pool().allocateExtent(room);
        assertThrows(SegmentFullException.class, () -> node.trySend(0, 2, 8));
        for (int i = 0; i < 100; i++) {
            assertTrue(node.trySend(1, 2, 8));
            assertTrue(node.endpoint(2).poll() > 0);
            assertEquals(node.sent(1, 2), node.received(1, 2));
        }
    }

    @Test
    void everyPairKeepsItsOrderByRingAndByMailbox() throws IOException {
        int ranks = 5;
        TestNode node = new TestNode(directory, ranks, 2);
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 300_000; i++) {
            int rank = random.nextInt(ranks);
            if (random.nextInt(100) < 3) {
                node.endpoint(rank).poll();
            } else {
                int to = random.nextInt(ranks);
                refused += node.trySend(rank, to, random.nextInt(MailboxDescriptor.MAX_PAYLOAD + 1)) ? 0 : 1;
            }
        }
        assertTrue(refused > 1000, "hardly ever back-pressured: " + refused);
        for (int to = 0; to < ranks; to++) {
            while (node.endpoint(to).poll() > 0) {
                assertTrue(node.received(to, to) <= node.sent(to, to));
            }
            for (int from = 0; from < ranks; from++) {
                assertEquals(node.sent(from, to), node.received(from, to), from + " to " + to);
            }
        }
    }
}
