package org.isthmus.node.shm.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedRingTest {
    private static final int CELLS = 8;

    private final MemorySegment memory = Arena.ofAuto().allocate(SharedRing.bytes(CELLS), 64);
    private final SharedRing consumer = new SharedRing(memory, 0, CELLS);

    SharedRingTest() {
        consumer.initialise();
    }

    @Test
    void aTurnThatMustWaitIsKept() {
        SharedRing producer = new SharedRing(memory, 0, CELLS);
        for (int i = 0; i < CELLS; i++) {
            assertTrue(send(producer, 1, i));
        }
        assertFalse(send(producer, 1, CELLS));
        assertFalse(send(producer, 1, CELLS));
        for (int i = 0; i < CELLS; i++) {
            assertEquals(i, receive(2)[1]);
        }
        assertEquals(0, consumer.next());
        assertTrue(send(producer, 1, CELLS));
        assertEquals(CELLS, receive(2)[1]);
    }

    @Test
    void threeProducersEachInOrder() {
        int producers = 3;
        long records = 200_000;
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            int id = p;
            SharedRing producer = new SharedRing(memory, 0, CELLS);
            threads.add(CompletableFuture.runAsync(() -> {
                for (long i = 0; i < records; i++) {
                    while (!send(producer, id, i)) {
                        Thread.yield();
                    }
                }
            }, task -> new Thread(task).start()));
        }
        long[] seen = new long[producers];
        for (long i = 0; i < producers * records; i++) {
            long[] record = receive(producers);
            assertEquals(seen[(int) record[0]]++, record[1]);
        }
        threads.forEach(CompletableFuture::join);
        assertEquals(0, consumer.next());
    }

    @Test
    void aLengthThatLeavesTheCellIsCorrupt() {
        SharedRing producer = new SharedRing(memory, 0, CELLS);
        producer.claim();
        producer.publish(RecordDescriptor.header(1, 0, 0, SharedRing.MAX_PAYLOAD + 1));
        assertThrows(CorruptRecordException.class, consumer::next);
    }

    @Test
    void refusesOddNumbersOfCells() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new SharedRing(memory, 0, 3));
        assertTrue(refused.getMessage().contains("cells is 3"), refused.getMessage());
    }

    private boolean send(SharedRing producer, int id, long number) {
        long payload = producer.claim();
        if (payload == SharedRing.BACK_PRESSURED) {
            return false;
        }
        memory.set(ValueLayout.JAVA_LONG, payload, number);
        producer.publish(RecordDescriptor.header(1, id, 0, 8));
        return true;
    }

    private long[] receive(int producers) {
        long header;
        while ((header = consumer.next()) == 0) {
            Thread.yield();
        }
        int id = RecordDescriptor.context(header);
        assertTrue(id < producers);
        long[] record = {id, memory.get(ValueLayout.JAVA_LONG, consumer.payload())};
        consumer.advance();
        return record;
    }
}
