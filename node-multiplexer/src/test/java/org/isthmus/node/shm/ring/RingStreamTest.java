package org.isthmus.node.shm.ring;

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
import org.isthmus.node.shm.ChildJvm;
import org.isthmus.node.shm.RecordDescriptor;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A producer and a consumer at the same time: two threads, two processes, and a producer that is killed. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingStreamTest {
    private static final int RING_BYTES = 16384;
    private static final int SEED = 99;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void twoThreadsStreamAMillionRecords(RingVariant variant) {
        TestRing ring = new TestRing(variant, RING_BYTES);
        int records = 1_000_000;
        CompletableFuture<Void> producer = CompletableFuture.runAsync(() -> produce(ring, records));
        consume(ring, records, producer);
        producer.join();
        assertEquals(-1, ring.tryReceive());
    }

    @ParameterizedTest
    @EnumSource
    void twoProcessesStream(RingVariant variant) throws IOException, InterruptedException {
        Path file = directory.resolve("ring");
        TestRing ring = map(variant, file);
        int records = 300_000;
        Process process = ChildJvm.start(Producer.class, variant.name(), file.toString(), String.valueOf(records));
        try {
            consume(ring, records, process.onExit());
            assertEquals("", ChildJvm.outputOf(process));
            assertEquals(-1, ring.tryReceive());
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofAKilledProducerOnlyWholeRecordsInOrderAreSeen(RingVariant variant) throws IOException, InterruptedException {
        Random random = new Random(SEED);
        for (int run = 0; run < 2; run++) {
            Path file = directory.resolve("ring" + run);
            TestRing ring = map(variant, file);
            Process process = ChildJvm.start(Producer.class, variant.name(), file.toString(),
                    String.valueOf(Integer.MAX_VALUE));
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
            while (!ring.tryPublish(bytes)) {
                Thread.yield();
            }
            if (bytes % 3 == 0) {
                ring.producer.flush();
            }
        }
        ring.producer.flush();
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

    private static TestRing map(RingVariant variant, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, RING_BYTES, Arena.global());
            return new TestRing(variant, memory, RING_BYTES);
        }
    }

    /** The producing process: variant, file, number of records. */
    static final class Producer {
        private Producer() {}

        public static void main(String[] args) throws IOException {
            produce(map(RingVariant.valueOf(args[0]), Path.of(args[1])), Integer.parseInt(args[2]));
        }
    }
}
