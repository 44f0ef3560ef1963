package org.isthmus.node.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingTest {
    @Test
    void fillsToBackPressureAndGoesOnWhenAQuarterIsRead() {
        TestRing ring = new TestRing(4096);
        while (ring.trySend(8)) {
            assertTrue(ring.sent() < 1000);
        }
        assertEquals((4032 - 8) / 16, ring.sent());
        int untold = 4032 / 4 / 16 - 1;
        for (int i = 0; i < untold; i++) {
            assertEquals(8, ring.tryReceive());
        }
        assertFalse(ring.trySend(8));
        assertEquals(8, ring.tryReceive());
        assertEquals(1008, ring.memory.get(ValueLayout.JAVA_LONG, RingDescriptor.CONSUMED_OFFSET));
        assertTrue(ring.trySend(8));
    }

    @Test
    void anEmptyRingStaysEmpty() {
        TestRing ring = new TestRing(4096);
        assertEquals(-1, ring.tryReceive());
        assertTrue(ring.trySend(0));
        assertEquals(0, ring.tryReceive());
        assertEquals(-1, ring.tryReceive());
        assertEquals(-1, ring.tryReceive());
    }

    @Test
    void everyRecordSizeWrapsAtEveryPlace() {
        int ringBytes = 16384;
        TestRing ring = new TestRing(ringBytes);
        for (int bytes : IntStream.rangeClosed(0, RecordDescriptor.MAX_PAYLOAD).toArray()) {
            int rounds = bytes < 64 ? 1 : 2 + RingDescriptor.capacity(ringBytes) / RecordDescriptor.recordBytes(bytes);
            for (int i = 0; i < rounds; i++) {
                assertTrue(ring.trySend(bytes), bytes + " bytes");
                assertEquals(bytes, ring.tryReceive());
            }
            assertEquals(-1, ring.tryReceive());
        }
    }

    /** The largest payload always finds room once the consumer has read all, wherever both stand. */
    @ParameterizedTest
    @ValueSource(ints = {4096, 4160, 8192, 11008, 16384})
    void largestPayloadNeverStalls(int ringBytes) {
        Random random = new Random(ringBytes);
        TestRing ring = new TestRing(ringBytes);
        int largest = RingDescriptor.maxPayload(ringBytes);
        for (int i = 0; i < 50_000; i++) {
            int small = random.nextInt(200);
            assertTrue(ring.trySend(small));
            assertEquals(small, ring.tryReceive());
            assertTrue(ring.trySend(largest), "stalled at record " + i);
            assertEquals(largest, ring.tryReceive());
        }
    }

    @Test
    void randomOperationsBehaveAsAQueue() {
        for (int ringBytes : new int[] {4096, 4160, 8192, 65536}) {
            Random random = new Random(7 * ringBytes);
            TestRing ring = new TestRing(ringBytes);
            Queue<Integer> model = new ArrayDeque<>();
            int largest = RingDescriptor.maxPayload(ringBytes);
            int refused = 0;
            for (int i = 0; i < 300_000; i++) {
                boolean sends = random.nextInt(1000) < (i / 10_000 % 2 == 0 ? 600 : 450);
                if (sends) {
                    int bytes = random.nextInt(random.nextInt(4) == 0 ? largest + 1 : 40);
                    if (ring.trySend(bytes)) {
                        model.add(bytes);
                    } else {
                        refused++;
                    }
                } else {
                    assertEquals(model.isEmpty() ? -1 : model.remove(), ring.tryReceive());
                }
                assertTrue(bytesIn(model) <= RingDescriptor.capacity(ringBytes) - 8);
            }
            assertTrue(refused > 100, "the ring of " + ringBytes + " was hardly ever full");
            while (!model.isEmpty()) {
                assertEquals(model.remove(), ring.tryReceive());
            }
            assertEquals(-1, ring.tryReceive());
        }
    }

    private static int bytesIn(Queue<Integer> model) {
        return model.stream().mapToInt(RecordDescriptor::recordBytes).sum();
    }

    /** Whatever was in the space before, the word behind the last record is 0 (inv. 1). */
    @Test
    void theWordBehindTheLastRecordIsZero() {
        Random random = new Random(3);
        TestRing ring = new TestRing(4096);
        int capacity = RingDescriptor.capacity(4096);
        for (int i = 0; i < 100_000; i++) {
            int bytes = random.nextInt(300);
            assertTrue(ring.trySend(bytes));
            long header = ring.consumer.next();
            long next = ring.consumer.payload() - 8 + RecordDescriptor.recordBytes(RecordDescriptor.payloadBytes(header));
            long behind = next == 64 + capacity ? 64 : next;
            assertEquals(0, ring.memory.get(ValueLayout.JAVA_LONG, behind));
            assertEquals(bytes, ring.tryReceive());
            assertEquals(-1, ring.tryReceive());
        }
    }

    @Test
    void grantsAreToldInBatches() {
        TestRing ring = new TestRing(4096);
        ring.consumer.grant(99, 100);
        assertEquals(0, ring.producer.grantedAcquire());
        ring.consumer.grant(1, 100);
        assertEquals(100, ring.producer.grantedAcquire());
        ring.consumer.grant(250, 100);
        assertEquals(350, ring.producer.grantedAcquire());
        assertEquals(350, ring.memory.get(ValueLayout.JAVA_LONG, RingDescriptor.GRANTED_OFFSET));
    }

    @Test
    void aLengthThatLeavesTheRingIsCorruptBeforeItIsUsed() {
        TestRing ring = new TestRing(4096);
        while (ring.trySend(1000)) {
            assertTrue(ring.sent() < 10);
        }
        assertEquals(1000, ring.tryReceive());
        assertEquals(1000, ring.tryReceive());
        long third = ring.consumer.payload() - 8;
        ring.memory.set(ValueLayout.JAVA_LONG, third, RecordDescriptor.header(1, 0, 0, 4095));
        CorruptRecordException corrupt = assertThrows(CorruptRecordException.class, ring.consumer::next);
        assertTrue(corrupt.getMessage().contains("no record of a ring of 4032 bytes"), corrupt.getMessage());
    }

    @Test
    void aPaddingAfterPaddingIsNotFollowedForEver() {
        TestRing ring = new TestRing(4096);
        long padding = RecordDescriptor.header(RecordDescriptor.KIND_PADDING, 0, 0, 0);
        ring.memory.set(ValueLayout.JAVA_LONG, RingDescriptor.RECORDS_OFFSET, padding);
        assertThrows(CorruptRecordException.class, ring.consumer::next);
    }
}
