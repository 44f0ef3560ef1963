package org.isthmus.node.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.node.shm.MailboxDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who sleeps because there is no room is woken by whoever gives room back, and not by the end of its sleep. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RoomTest {
    private static final int BYTES = 100;

    @TempDir
    private Path directory;

    @Test
    void aSenderThatFoundItsRingFullIsWoken() throws IOException {
        TestNode node = new TestNode(directory, 2, 1);
        while (node.trySend(1, 0, BYTES)) {
            assertTrue(node.sent(1, 0) < TestNode.RING_BYTES);
        }
        assertTrue(isWokenBy(node.endpoint(1), () -> node.endpoint(0).poll()));
        while (node.trySend(1, 0, BYTES)) {
            assertTrue(node.sent(1, 0) < 2 * TestNode.RING_BYTES);
        }
        assertTrue(isWokenBy(node.endpoint(1), () -> node.endpoint(0).poll()), "the second time");
    }

    @Test
    void aSenderThatHasRoomIsNotWokenForMore() throws IOException {
        TestNode node = new TestNode(directory, 2, 1);
        for (int i = 0; i < TestNode.RING_BYTES / (2 * BYTES); i++) {
            assertTrue(node.trySend(1, 0, BYTES));
        }
        assertFalse(isWokenBy(node.endpoint(1), () -> {
            while (node.endpoint(0).poll() > 0) {
                assertTrue(node.received(1, 0) <= node.sent(1, 0));
            }
        }));
        assertEquals(node.sent(1, 0), node.received(1, 0));
    }

    @Test
    void aSenderIsWokenWhenItsBytesAreGranted() throws IOException {
        TestNode node = new TestNode(directory, 2, 1);
        assertTrue(node.trySend(1, 0, 8));
        assertEquals(2, node.endpoint(0).poll());
        node.endpoint(1).waiter().stall();
        assertFalse(isWokenBy(node.endpoint(1), () -> node.endpoint(0).grant(1, 10, 100)));
        node.endpoint(1).waiter().stall();
        assertTrue(isWokenBy(node.endpoint(1), () -> node.endpoint(0).grant(1, 90, 100)));
    }

    @Test
    void whoFoundAMailboxFullIsWoken() throws IOException {
        int late = MailboxDescriptor.CELLS + 1;
        TestNode node = new TestNode(directory, late + 1, 1);
        for (int from = 1; from < late; from++) {
            assertTrue(node.trySend(from, 0, 8));
        }
        assertFalse(node.trySend(late, 0, 8));
        assertTrue(isWokenBy(node.endpoint(late), () -> node.endpoint(0).poll()));
        assertTrue(node.trySend(late, 0, 8));
    }

    @Test
    void anOwnerWithoutBlocksIsWokenWhenSomeAreFree() throws IOException {
        TestNode node = new TestNode(directory, 2, 1);
        List<Long> blocks = new ArrayList<>();
        for (long block = allocate(node); block != Handle.NONE; block = allocate(node)) {
            node.endpoint(1).heap().handOver(block, node.segment.messageHeap(0));
            blocks.add(block);
        }
        RankHeap receiver = node.endpoint(0).heap();
        assertTrue(isWokenBy(node.endpoint(1), () -> {
            blocks.forEach(receiver::consume);
            receiver.flush();
        }));
        assertTrue(allocate(node) != Handle.NONE);
    }

    private static long allocate(TestNode node) {
        return node.endpoint(1).allocateBlock(100_000, 0);
    }

    /** What is found full only after others were told of the sleep: nobody would end it. */
    @Test
    void whoFindsNoRoomInItsLastLookDoesNotSleep() throws IOException {
        TestNode node = new TestNode(directory, 2, 1);
        Waiter waiter = node.endpoint(1).waiter();
        waiter.announceSleep();
        assertTrue(waiter.maySleep());
        while (node.trySend(1, 0, BYTES)) {
            assertTrue(node.sent(1, 0) < TestNode.RING_BYTES);
        }
        assertFalse(waiter.maySleep());
        waiter.awake();
    }

    private static boolean isWokenBy(RankEndpoint sleeper, Runnable action) {
        int ticket = sleeper.waiter().announceSleep();
        assertTrue(sleeper.waiter().maySleep());
        action.run();
        boolean woken = sleeper.waiter().wakes() != ticket;
        sleeper.waiter().awake();
        return woken;
    }
}
