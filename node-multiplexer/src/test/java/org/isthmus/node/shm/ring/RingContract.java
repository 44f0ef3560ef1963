package org.isthmus.node.shm.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.stream.IntStream;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.shm.RingDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every variant keeps, one thread playing both ends in turn. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class RingContract {
    private static final int[] RING_SIZES = {4096, 4160, 8192, 11008, 65536};

    final RingVariant variant;

    RingContract(RingVariant variant) {
        this.variant = variant;
    }

    @Test
    void anEmptyRingStaysEmpty() {
        TestRing ring = new TestRing(variant, 4096);
        assertEquals(-1, ring.tryReceive());
        assertTrue(ring.trySend(0));
        assertEquals(0, ring.tryReceive());
        assertEquals(-1, ring.tryReceive());
        assertEquals(-1, ring.tryReceive());
    }

    @Test
    void fillsToBackPressureAndGoesOnWhenRead() {
        TestRing ring = new TestRing(variant, 4096);
        for (int lap = 0; lap < 20; lap++) {
            int before = (int) ring.sent();
            while (ring.trySend(8)) {
                assertTrue(ring.sent() - before < 1000);
            }
            assertTrue(ring.sent() - before > 32, "only " + (ring.sent() - before) + " records fit");
            assertFalse(ring.trySend(8));
            while (ring.received() < ring.sent()) {
                assertEquals(8, ring.tryReceive());
            }
            assertEquals(-1, ring.tryReceive());
        }
    }

    @Test
    void everyRecordSizeWrapsAtEveryPlace() {
        int ringBytes = 16384;
        TestRing ring = new TestRing(variant, ringBytes);
        int largest = variant.maxPayload(ringBytes);
        assertEquals(RecordDescriptor.MAX_PAYLOAD, largest);
        for (int bytes : IntStream.rangeClosed(0, largest).toArray()) {
            int rounds = bytes < 64 ? 1 : 2 + variant.capacity(ringBytes) / RecordDescriptor.recordBytes(bytes);
            for (int i = 0; i < rounds; i++) {
                assertTrue(ring.trySend(bytes), bytes + " bytes");
                assertEquals(bytes, ring.tryReceive());
            }
            assertEquals(-1, ring.tryReceive());
        }
    }

    /** The largest payload always finds room once the consumer has read all, wherever both stand. */
    @Test
    void largestPayloadNeverStalls() {
        for (int ringBytes : RING_SIZES) {
            Random random = new Random(ringBytes);
            TestRing ring = new TestRing(variant, ringBytes);
            int largest = variant.maxPayload(ringBytes);
            for (int i = 0; i < 20_000; i++) {
                int small = random.nextInt(200);
                assertTrue(ring.trySend(small));
                assertEquals(small, ring.tryReceive());
                assertTrue(ring.trySend(largest), "stalled at record " + i);
                assertEquals(largest, ring.tryReceive());
            }
        }
    }

    @Test
    void randomOperationsBehaveAsAQueue() {
        for (int ringBytes : RING_SIZES) {
            Random random = new Random(7 * ringBytes);
            TestRing ring = new TestRing(variant, ringBytes);
            Queue<Integer> model = new ArrayDeque<>();
            int largest = variant.maxPayload(ringBytes);
            int refused = 0;
            for (int i = 0; i < 200_000; i++) {
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
            }
            assertTrue(refused > 100, "the ring of " + ringBytes + " was hardly ever full");
            while (!model.isEmpty()) {
                assertEquals(model.remove(), ring.tryReceive());
            }
            assertEquals(-1, ring.tryReceive());
        }
    }

    /** A producer that stops at any point: what it flushed is there, what it published may be, nothing else. */
    @Test
    void theRingEndsAtAPublishedRecordWhereverItsProducerStops() {
        Random random = new Random(11);
        for (int run = 0; run < 3000; run++) {
            TestRing ring = new TestRing(variant, 4096);
            long flushed = 0;
            int operations = random.nextInt(200);
            for (int i = 0; i < operations; i++) {
                ring.tryPublish(random.nextInt(100));
                if (random.nextInt(5) == 0) {
                    ring.producer.flush();
                    flushed = ring.sent();
                }
                if (random.nextInt(3) == 0) {
                    ring.tryReceive();
                }
            }
            long payload = ring.producer.claim(40);
            if (payload > 0) {
                ring.memory.asSlice(payload, 40).fill((byte) random.nextInt());
            }
            while (ring.tryReceive() >= 0) {
                assertTrue(ring.received() <= ring.sent());
            }
            assertTrue(ring.received() >= flushed, ring.received() + " of " + flushed + " flushed records");
            assertEquals(-1, ring.tryReceive());
        }
    }

    /** Bytes that look like headers, stamps and positions, left over in the ring, are never taken for a record. */
    @Test
    void whatPayloadsLeaveBehindIsNoRecord() {
        Random random = new Random(5);
        TestRing ring = new TestRing(variant, 4096);
        long header = RecordDescriptor.header(3, 0, 0, 8);
        for (int i = 0; i < 100_000; i++) {
            int words = random.nextInt(20);
            long payload = ring.producer.claim(8 * words);
            for (int word = 0; word < words; word++) {
                long value = switch (random.nextInt(3)) {
                    case 0 -> header | Long.MIN_VALUE;
                    case 1 -> LineStamp.of(
                            random.nextInt(64L * i > Integer.MAX_VALUE ? Integer.MAX_VALUE : 64 * i + 64), 64);
                    default -> header;
                };
                ring.memory.set(ValueLayout.JAVA_LONG, payload + 8 * word, value);
            }
            ring.producer.publish(RecordDescriptor.header(1, 0, i, 8 * words));
            ring.producer.flush();
            long found = ring.consumer.next();
            assertEquals(RecordDescriptor.header(1, 0, i, 8 * words), found);
            ring.consumer.advance(found);
            assertEquals(RingConsumer.EMPTY, ring.consumer.next());
        }
    }

    @Test
    void aBatchIsSeenAsAWholeAfterFlush() {
        TestRing ring = new TestRing(variant, 16384);
        for (int batch = 0; batch < 1000; batch++) {
            for (int i = 0; i < 50; i++) {
                assertTrue(ring.tryPublish(batch % 64));
            }
            ring.producer.flush();
            ring.producer.flush();
            for (int i = 0; i < 50; i++) {
                assertEquals(batch % 64, ring.tryReceive());
            }
            assertEquals(-1, ring.tryReceive());
        }
    }

    @Test
    void backPressureFlushes() {
        TestRing ring = new TestRing(variant, 4096);
        while (ring.tryPublish(8)) {
            assertTrue(ring.sent() < 1000);
        }
        while (ring.received() < ring.sent()) {
            assertEquals(8, ring.tryReceive());
        }
    }

    @Test
    void grantsAreToldInBatches() {
        TestRing ring = new TestRing(variant, 64);
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
        TestRing ring = new TestRing(variant, 4096);
        while (ring.trySend(900)) {
            assertTrue(ring.sent() < 10);
        }
        assertEquals(900, ring.tryReceive());
        assertEquals(900, ring.tryReceive());
        assertTrue(ring.consumer.next() != RingConsumer.EMPTY);
        long third = ring.consumer.payload() - 8;
        long bad = ring.memory.get(ValueLayout.JAVA_LONG, third) | RecordDescriptor.MAX_PAYLOAD;
        ring.memory.set(ValueLayout.JAVA_LONG, third, bad);
        CorruptRecordException corrupt = assertThrows(CorruptRecordException.class, ring.consumer::next);
        assertTrue(corrupt.getMessage().contains("no record of a ring of " + variant.capacity(4096) + " bytes"),
                corrupt.getMessage());
    }
}
