package org.isthmus.benchmarks.rings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every subject that needs no other process or flag carries records there and back, each word checked. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExchangeTest {
    private static final int RING_BYTES = 64 << 10;

    static List<Subject> subjects() {
        return Subject.all().stream()
                .filter(subject -> !List.of(Subject.AGRONA, Subject.AERON).contains(subject.name())).toList();
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void recordsComeBackInOrder(Subject subject) {
        for (int bytes : new int[] {8, 24, 64}) {
            for (int depth : new int[] {1, 32, 256}) {
                if (subject.carries(false, depth, bytes)) {
                    exchange(subject, depth, bytes);
                }
            }
        }
    }

    @Test
    void theTableHasMediansAndRatiosToTheBestQueue() {
        RingTable table = new RingTable("cpu: x\n");
        for (double value : new double[] {50, 10, 20}) {
            table.add("threads", 8, 1, "validity", value);
        }
        table.add("threads", 8, 1, "agrona", 40);
        table.add("threads", 8, 1, "raw", 5);
        String text = table.text();
        assertTrue(text.lines().anyMatch(line -> line.matches("threads +8 +1 +validity +50\\.00 +20\\.00 +1\\.00")),
                text);
        assertTrue(text.lines().anyMatch(line -> line.matches("threads +8 +1 +agrona +25\\.00 +40\\.00 +2\\.00")),
                text);
        assertTrue(text.lines().anyMatch(line -> line.matches("threads +8 +1 +raw +200\\.00 +5\\.00 +0\\.25")), text);
        assertTrue(table.json().contains("\"ring\": \"validity\", \"ns\": [50.0, 10.0, 20.0]}"), table.json());
    }

    private static void exchange(Subject subject, int depth, int bytes) {
        MemorySegment memory = Arena.ofAuto().allocate(Lanes.bytes(RING_BYTES), 4096);
        Lane[] lanes = Lanes.ofThreads(subject, memory, RING_BYTES, depth, bytes);
        CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> new Exchange(lanes[1], depth).answer(),
                task -> new Thread(task).start());
        Exchange asking = new Exchange(lanes[0], depth);
        double nanos = asking.ask(3_000_000);
        assertTrue(nanos > 0 && Double.isFinite(nanos), "ns " + nanos);
        asking.end();
        answering.join();
        assertEquals(0, lanes[0].drain(number -> { }, 1));
    }
}
