package org.isthmus.node.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A producer and a consumer at the same time: two threads, two processes, and a producer that is killed. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingStreamTest {
    private static final int RING_BYTES = 16384;
    private static final int SEED = 99;

    @TempDir
    private Path directory;

    @Test
    void twoThreadsStreamTwoMillionRecords() {
        TestRing ring = new TestRing(RING_BYTES);
        int records = 2_000_000;
        CompletableFuture<Void> producer = CompletableFuture.runAsync(() -> produce(ring, records));
        consume(ring, records, producer);
        producer.join();
        assertEquals(-1, ring.tryReceive());
    }

    @Test
    void twoProcessesStream() throws IOException, InterruptedException {
        Path file = directory.resolve("ring");
        TestRing ring = map(file);
        int records = 500_000;
        Process process = ChildJvm.start(Producer.class, file.toString(), String.valueOf(records));
        try {
            consume(ring, records, process.onExit());
            assertEquals("", ChildJvm.outputOf(process));
            assertEquals(-1, ring.tryReceive());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void ofAKilledProducerOnlyWholeRecordsInOrderAreSeen() throws IOException, InterruptedException {
        Random random = new Random(SEED);
        for (int run = 0; run < 5; run++) {
            Path file = directory.resolve("ring" + run);
            TestRing ring = map(file);
            Process process = ChildJvm.start(Producer.class, file.toString(), String.valueOf(Integer.MAX_VALUE));
            Random sizes = new Random(SEED);
            long killAfter = 1 + random.nextInt(300_000);
            while (ring.received() < killAfter) {
                assertTrue(process.isAlive());
                receive(ring, sizes);
            }
            process.destroyForcibly().waitFor();
            while (receive(ring, sizes)) {
                assertTrue(ring.received() > 0);
            }
            assertEquals(-1, ring.tryReceive());
        }
    }

    private static void produce(TestRing ring, int records) {
        Random sizes = new Random(SEED);
        for (int i = 0; i < records; i++) {
            int bytes = size(sizes);
            while (!ring.trySend(bytes)) {
                Thread.yield();
            }
        }
    }

    private static void consume(TestRing ring, int records, CompletableFuture<?> producer) {
        Random sizes = new Random(SEED);
        while (ring.received() < records) {
            boolean ended = producer.isDone();
            if (!receive(ring, sizes)) {
                assertTrue(!ended, () -> "the producer ended, " + ring.received() + " records came");
                Thread.yield();
            }
        }
    }

    private static boolean receive(TestRing ring, Random sizes) {
        int bytes = ring.tryReceive();
        if (bytes >= 0 && bytes != size(sizes)) {
            throw new AssertionError("record " + ring.received() + " has " + bytes + " bytes");
        }
        return bytes >= 0;
    }

    private static int size(Random sizes) {
        int shape = sizes.nextInt(64);
        return shape == 0 ? sizes.nextInt(RecordDescriptor.MAX_PAYLOAD + 1) : shape < 8 ? sizes.nextInt(300) : shape;
    }

    private static TestRing map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, RING_BYTES, Arena.global());
            return new TestRing(memory, RING_BYTES);
        }
    }

    /** The producing process: file, number of records. */
    static final class Producer {
        private Producer() {}

        public static void main(String[] args) throws IOException {
            produce(map(Path.of(args[0])), Integer.parseInt(args[1]));
        }
    }
}
