package org.isthmus.node.mux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordQueueTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void givesBackWhatWasAddedInOrderWhateverTheSizes(long seed) {
        Random random = new Random(seed);
        RecordQueue queue = new RecordQueue();
        ArrayDeque<long[]> expected = new ArrayDeque<>();
        long next = 1;
        for (int step = 0; step < 20_000; step++) {
            boolean filling = step / 500 % 2 == 0;
            if (random.nextInt(10) < (filling ? 7 : 3)) {
                int longs = 1 + random.nextInt(random.nextInt(20) == 0 ? 600 : 8);
                long at = queue.add(longs * Long.BYTES);
                for (int i = 0; i < longs; i++) {
                    queue.memory().set(RelayedRecord.LONG, at + (long) i * Long.BYTES, next + i);
                }
                expected.add(new long[] {longs, next});
                next += longs;
            } else if (!expected.isEmpty()) {
                long[] record = expected.poll();
                assertEquals(record[0] * Long.BYTES, queue.firstBytes(), "seed " + seed + " step " + step);
                for (int i = 0; i < record[0]; i++) {
                    assertEquals(record[1] + i,
                            queue.memory().get(RelayedRecord.LONG, queue.first() + (long) i * Long.BYTES));
                }
                queue.removeFirst();
            }
            assertEquals(expected.size(), queue.size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 4096, 1 << 16})
    void memoryIsThatOfWhatIsQueuedAndNoneWithoutAny(int bytes) {
        RecordQueue queue = new RecordQueue();
        assertEquals(0, queue.memory().byteSize());
        for (int i = 0; i < 1000; i++) {
            queue.add(bytes);
            assertBounded(queue, bytes);
        }
        for (int i = 0; i < 1000; i++) {
            queue.removeFirst();
            assertBounded(queue, bytes);
        }
        assertTrue(queue.isEmpty());
        assertEquals(0, queue.memory().byteSize());
    }

    private static void assertBounded(RecordQueue queue, int bytes) {
        long queued = (long) queue.size() * (Long.BYTES + bytes);
        assertTrue(queue.memory().byteSize() >= queued);
        assertTrue(queue.memory().byteSize() <= Math.max(512, 10 * queued),
                queue.memory().byteSize() + " bytes for " + queued);
    }
}
