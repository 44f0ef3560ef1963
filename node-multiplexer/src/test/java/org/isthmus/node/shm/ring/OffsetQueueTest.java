package org.isthmus.node.shm.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OffsetQueueTest {
    @Test
    void fillsAndEmptiesAtEveryPlace() {
        OffsetQueue queue = new OffsetQueue(4);
        long sent = 0;
        long received = 0;
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 4; i++) {
                assertTrue(queue.offer(++sent));
            }
            assertFalse(queue.offer(99));
            for (int i = 0; i < 3; i++) {
                assertEquals(++received, queue.poll());
            }
            assertTrue(queue.offer(++sent));
            while (received < sent) {
                assertEquals(++received, queue.poll());
            }
            assertEquals(OffsetQueue.EMPTY, queue.poll());
        }
    }

    @Test
    void refusesWhatMeansEmptyAndOddCapacities() {
        assertThrows(IllegalArgumentException.class, () -> new OffsetQueue(4).offer(0));
        for (int capacity : new int[] {-1, 0, 3}) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> new OffsetQueue(capacity));
            assertTrue(refused.getMessage().contains("capacity is " + capacity), refused.getMessage());
        }
    }

    @Test
    void twoThreadsPassAMillionOffsetsInOrder() {
        OffsetQueue queue = new OffsetQueue(64);
        CompletableFuture<Void> producer = CompletableFuture.runAsync(() -> {
            for (long i = 1; i <= 1_000_000; i++) {
                while (!queue.offer(i)) {
                    Thread.yield();
                }
            }
        });
        for (long i = 1; i <= 1_000_000; i++) {
            long offset;
            while ((offset = queue.poll()) == OffsetQueue.EMPTY) {
                assertFalse(producer.isCompletedExceptionally());
                Thread.yield();
            }
            assertEquals(i, offset);
        }
        producer.join();
        assertEquals(OffsetQueue.EMPTY, queue.poll());
    }
}
