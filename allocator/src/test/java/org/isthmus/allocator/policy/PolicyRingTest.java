package org.isthmus.allocator.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PolicyRingTest {
    private static final int CLASSES = 64;
    private static final int SNAPSHOTS_TO_SEE = 2000;
    private static final int KILLS = 4;

    private final LimitBounds bounds = bounds();
    private final MemorySegment memory = Arena.ofAuto().allocate(PolicyRingDescriptor.BYTES, 64);

    private static LimitBounds bounds() {
        int[] blockBytes = new int[CLASSES];
        Arrays.fill(blockBytes, 64);
        return new LimitBounds(HeapLimits.defaults(blockBytes));
    }

    /** A snapshot whose every stack is a function of its generation. */
    private static HeapLimits marked(long generation, LimitBounds bounds) {
        int mark = mark(generation);
        int[] capacity = new int[CLASSES];
        Arrays.fill(capacity, mark);
        HeapLimits d = bounds.defaults();
        return new HeapLimits(generation, capacity, d.refillBatch(), d.flushBatch(), d.retainedEmptySlabs(), 1, 0,
                d.hugePageBytes(), d.releaseBatchBytes() + mark);
    }

    private static int mark(long generation) {
        return 256 + (int) (generation % 3800);
    }

    private static void checkWhole(HeapLimits limits, LimitBounds bounds) {
        if (limits.generation() != 0) {
            assertTrue(limits.sameAs(marked(limits.generation(), bounds)), () -> "torn: " + limits
                    + Arrays.toString(limits.stackCapacity()));
        }
    }

    @Test
    void defaultsUntilSomethingIsPublished() {
        PolicyRing reader = new PolicyRing(memory, bounds);
        assertSame(bounds.defaults(), reader.current());
        PolicyRing writer = new PolicyRing(memory, bounds);
        for (long generation = 1; generation <= 9; generation++) {
            writer.publish(marked(generation, bounds));
            assertEquals(generation, reader.current().generation());
            checkWhole(reader.current(), bounds);
            assertSame(reader.current(), reader.current());
        }
    }

    @Test
    void aSnapshotThatWasNotFinishedIsNeverSeen() {
        PolicyRing reader = new PolicyRing(memory, bounds);
        new PolicyRing(memory, bounds).publish(marked(1, bounds));
        new PolicyRing(memory, bounds).fill(marked(2, bounds));
        assertEquals(1, reader.current().generation());
        new PolicyRing(memory, bounds).publish(marked(3, bounds));
        assertEquals(3, reader.current().generation());
    }

    @Test
    void badValuesOfSharedMemoryAreBroughtIntoTheBounds() {
        new PolicyRing(memory, bounds).publish(marked(1, bounds));
        long at = PolicyRingDescriptor.snapshot(1);
        memory.set(ValueLayout.JAVA_INT, at + PolicyRingDescriptor.capacity(3), -1);
        assertEquals(bounds.minCapacity(3), new PolicyRing(memory, bounds).current().stackCapacity()[3]);
        memory.set(ValueLayout.JAVA_INT, at + PolicyRingDescriptor.CLASSES_OFFSET, 1 << 30);
        assertThrows(IllegalStateException.class, () -> new PolicyRing(memory, bounds).current());
    }

    @Test
    void refusesTooLittleMemory() {
        assertThrows(IllegalArgumentException.class, () -> new PolicyRing(memory.asSlice(0, 64), bounds));
    }

    @Test
    void readersNeverSeePartsOfTwoSnapshots() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread writer = Thread.ofPlatform().start(() -> {
            PolicyRing ring = new PolicyRing(memory, bounds);
            for (long generation = 1; !done.get(); generation++) {
                ring.publish(marked(generation, bounds));
            }
        });
        Thread reader = Thread.ofPlatform().start(() -> {
            try {
                PolicyRing ring = new PolicyRing(memory, bounds);
                long last = -1;
                for (int seen = 0; seen < SNAPSHOTS_TO_SEE;) {
                    HeapLimits limits = ring.current();
                    checkWhole(limits, bounds);
                    assertTrue(limits.generation() >= last);
                    seen += limits.generation() > last ? 1 : 0;
                    last = limits.generation();
                }
            } catch (Throwable t) {
                failure.set(t);
            }
        });
        reader.join();
        done.set(true);
        writer.join();
        assertSame(null, failure.get());
    }

    @Test
    void aWriterKilledAtAnyInstructionLeavesAWholeSnapshot(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("ring");
        try (FileChannel channel = open(file); Arena arena = Arena.ofConfined()) {
            MemorySegment shared = channel.map(FileChannel.MapMode.READ_WRITE, 0, PolicyRingDescriptor.BYTES, arena);
            PolicyRing reader = new PolicyRing(shared, bounds);
            long last = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                Process writer = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), Writer.class.getName(),
                        file.toString()).inheritIO().start();
                try {
                    while (reader.current().generation() < last + 100 + kill * 977L) {
                        assertTrue(writer.isAlive(), "the writer ended");
                        Thread.onSpinWait();
                    }
                } finally {
                    writer.destroyForcibly().waitFor();
                }
                HeapLimits left = reader.current();
                checkWhole(left, bounds);
                checkWhole(new PolicyRing(shared, bounds).current(), bounds);
                last = left.generation();
            }
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Publishes until it is killed, on from where its predecessor came. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws Exception {
            LimitBounds bounds = bounds();
            try (FileChannel channel = open(Path.of(args[0]))) {
                PolicyRing ring = new PolicyRing(
                        channel.map(FileChannel.MapMode.READ_WRITE, 0, PolicyRingDescriptor.BYTES,
                        Arena.global()), bounds);
                long generation = ring.current().generation();
                while (true) {
                    ring.publish(marked(++generation, bounds));
                }
            }
        }
    }
}
