package org.isthmus.node.shm.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.shm.RingDescriptor;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** {@link RingContract} for each variant, and what one variant alone promises. */
class RingVariantTest {
    @Nested
    class Validity extends RingContract {
        Validity() {
            super(RingVariant.VALIDITY);
        }

        @Test
        void theConsumerTellsAfterAQuarter() {
            TestRing ring = new TestRing(variant, 4096);
            while (ring.trySend(8)) {
                assertTrue(ring.sent() < 1000);
            }
            assertEquals((4032 - 8) / 16, ring.sent());
            for (int i = 0; i < 4032 / 4 / 16 - 1; i++) {
                assertEquals(8, ring.tryReceive());
            }
            assertEquals(0, ring.memory.get(ValueLayout.JAVA_LONG, RingDescriptor.CONSUMED_OFFSET));
            assertEquals(8, ring.tryReceive());
            assertEquals(1008, ring.memory.get(ValueLayout.JAVA_LONG, RingDescriptor.CONSUMED_OFFSET));
            assertTrue(ring.trySend(8));
        }

        /** Whatever was in the space before, the word behind the last record is 0. */
        @Test
        void theWordBehindTheLastRecordIsZero() {
            Random random = new Random(3);
            TestRing ring = new TestRing(variant, 4096);
            for (int i = 0; i < 100_000; i++) {
                int bytes = random.nextInt(300);
                assertTrue(ring.trySend(bytes));
                long header = ring.consumer.next();
                long next = ring.consumer.payload() - 8
                        + RecordDescriptor.recordBytes(RecordDescriptor.payloadBytes(header));
                assertEquals(0, ring.memory.get(ValueLayout.JAVA_LONG, next == 4096 ? 64 : next));
                assertEquals(bytes, ring.tryReceive());
            }
        }

        @Test
        void aPaddingAfterPaddingIsNotFollowedForEver() {
            TestRing ring = new TestRing(variant, 4096);
            ring.memory.set(ValueLayout.JAVA_LONG, RingDescriptor.RECORDS_OFFSET, CreditedProducer.PADDING);
            assertThrows(CorruptRecordException.class, ring.consumer::next);
        }
    }

    @Nested
    class Batched extends RingContract {
        Batched() {
            super(RingVariant.BATCHED);
        }

        @Test
        void nothingIsSeenBeforeFlush() {
            TestRing ring = new TestRing(variant, 4096);
            assertTrue(ring.tryPublish(8));
            assertEquals(-1, ring.tryReceive());
            ring.producer.flush();
            assertEquals(8, ring.tryReceive());
        }

        @Test
        void anIndexBeyondTheRingIsCorrupt() {
            TestRing ring = new TestRing(variant, 4096);
            for (long index : new long[] {-8, 3, 4096, Long.MAX_VALUE}) {
                ring.memory.set(ValueLayout.JAVA_LONG, RingDescriptor.PUBLISHED_OFFSET, index);
                assertThrows(CorruptRecordException.class, ring.consumer::next);
            }
        }

        @Test
        void anIndexBeforeAnyRecordIsCorrupt() {
            TestRing ring = new TestRing(variant, 4096);
            ring.memory.set(ValueLayout.JAVA_LONG, RingDescriptor.PUBLISHED_OFFSET, 64L);
            assertThrows(CorruptRecordException.class, ring.consumer::next);
        }
    }

    @Nested
    class Immediate extends RingContract {
        Immediate() {
            super(RingVariant.IMMEDIATE);
        }

        @Test
        void publishIsEnough() {
            publishIsEnoughFor(variant);
        }
    }

    @Nested
    class FastForward extends RingContract {
        FastForward() {
            super(RingVariant.FASTFORWARD);
        }

        @Test
        void aReadRecordLeavesFreeLines() {
            TestRing ring = new TestRing(variant, 4096);
            assertTrue(ring.trySend(200));
            assertEquals(200, ring.tryReceive());
            for (int line = 64; line < 4096; line += 64) {
                assertEquals(0, ring.memory.get(ValueLayout.JAVA_LONG, line));
            }
        }

        @Test
        void theConsumedIndexIsNotUsed() {
            TestRing ring = new TestRing(variant, 4096);
            for (int i = 0; i < 1000; i++) {
                assertTrue(ring.trySend(i % 300));
                assertEquals(i % 300, ring.tryReceive());
            }
            assertEquals(0, ring.memory.get(ValueLayout.JAVA_LONG, RingDescriptor.CONSUMED_OFFSET));
        }
    }

    @Nested
    class Lamport extends RingContract {
        Lamport() {
            super(RingVariant.LAMPORT);
        }

        @Test
        void theConsumerTellsAfterABatch() {
            TestRing ring = new TestRing(variant, 4096);
            assertTrue(ring.trySend(8));
            assertEquals(8, ring.tryReceive());
            assertEquals(-1, ring.tryReceive());
            assertEquals(16, ring.memory.get(ValueLayout.JAVA_LONG, RingDescriptor.CONSUMED_OFFSET));
        }
    }

    @Nested
    class Adaptive extends RingContract {
        Adaptive() {
            super(RingVariant.ADAPTIVE);
        }

        @Test
        void theFirstRecordIsSeenAtOnceAndTheOthersAfterFlush() {
            TestRing ring = new TestRing(variant, 4096);
            for (int batch = 0; batch < 1000; batch++) {
                for (int i = 0; i < 3; i++) {
                    assertTrue(ring.tryPublish(24));
                }
                if (ring.consumer.next() != RingConsumer.EMPTY) { // a padding may be what came first
                    assertEquals(24, ring.tryReceive());
                }
                assertEquals(-1, ring.tryReceive());
                ring.producer.flush();
                while (ring.received() < ring.sent()) {
                    assertEquals(24, ring.tryReceive());
                }
            }
        }
    }

    @Nested
    class Generation extends RingContract {
        Generation() {
            super(RingVariant.GENERATION);
        }

        @Test
        void publishIsEnough() {
            publishIsEnoughFor(variant);
        }

        @Test
        void recordsOfOneSizeZeroNothing() {
            TestRing ring = new TestRing(variant, 4096);
            int words = variant.capacity(4096) / 8;
            for (int i = 0; i < 2 * words; i++) {
                assertTrue(ring.trySend(8));
                assertEquals(8, ring.tryReceive());
            }
            for (int word = 0; word < words; word += 2) {
                assertTrue(ring.memory.get(ValueLayout.JAVA_LONG, 64 + 8 * word) != 0);
            }
        }
    }

    @Nested
    class Line extends RingContract {
        Line() {
            super(RingVariant.LINE);
        }

        @Test
        void aLineHoldsThreeRecordsOfEightBytesBehindItsStamp() {
            TestRing ring = new TestRing(variant, 4096);
            for (int i = 0; i < 4; i++) {
                assertTrue(ring.trySend(8));
            }
            assertEquals(1 << 8 | 56, ring.memory.get(ValueLayout.JAVA_LONG, 64));
            assertEquals(2 << 8 | 24, ring.memory.get(ValueLayout.JAVA_LONG, 128));
        }

        @Test
        void aFullLineNeedsNoFlush() {
            TestRing ring = new TestRing(variant, 4096);
            assertTrue(ring.tryPublish(8));
            assertEquals(-1, ring.tryReceive());
            assertTrue(ring.tryPublish(8));
            assertTrue(ring.tryPublish(8));
            assertEquals(8, ring.tryReceive());
        }
    }

    private static void publishIsEnoughFor(RingVariant variant) {
        TestRing ring = new TestRing(variant, 4096);
        assertTrue(ring.tryPublish(8));
        assertEquals(8, ring.tryReceive());
    }

    @Test
    void largestPayloadOfARing() {
        assertEquals(1504, RingVariant.VALIDITY.maxPayload(4096));
        assertEquals(3040, RingVariant.VALIDITY.maxPayload(8192));
        for (RingVariant variant : RingVariant.values()) {
            assertTrue(variant.maxPayload(4096) >= 1400, variant + ": " + variant.maxPayload(4096));
            assertEquals(4095, variant.maxPayload(16384));
            assertEquals(4095, variant.maxPayload(1 << 20));
        }
    }

    @Test
    void namesOfSettings() {
        assertEquals(RingVariant.VALIDITY, RingVariant.of("validity", "line"));
        assertEquals(RingVariant.ADAPTIVE, RingVariant.of("generation", "first"));
        assertEquals(RingVariant.GENERATION, RingVariant.of("generation", "record"));
        assertEquals(RingVariant.LINE, RingVariant.of("generation", "line"));
        assertEquals(RingVariant.FASTFORWARD, RingVariant.of("fastforward", "record"));
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> RingVariant.of("adaptive", "record"));
        assertTrue(refused.getMessage().contains("ring variant is \"adaptive\""), refused.getMessage());
        assertEquals(RingVariant.LINE, RingVariant.ofOrdinal(7));
        assertNull(RingVariant.ofOrdinal(8));
        assertNull(RingVariant.ofOrdinal(-1));
    }
}
