package org.isthmus.benchmarks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * The floor under every latency: two JVMs hand a cache line to and fro through a shared mapping, without any of our
 * code.
 * {@code RawPingPong SIDE FILE}: SIDE 0 prints {@code raw ns VALUE}, one way; SIDE 1 answers. The file is a new one.
 */
public final class RawPingPong {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final int ROUNDS = 5;
    private static final int LOOKS = 4096;
    private static final int EXCHANGES = 200_000;
    private static final long PING = 0;
    private static final long PONG = 128;
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private RawPingPong() {}

    public static void main(String[] args) throws IOException {
        try (FileChannel channel = FileChannel.open(Path.of(args[1]), StandardOpenOption.READ, StandardOpenOption.WRITE,
                StandardOpenOption.CREATE); Arena arena = Arena.ofShared()) {
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, 4096, arena);
            boolean first = args[0].equals("0");
            double best = Double.MAX_VALUE;
            long sequence = 0;
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                sequence = first ? ping(memory, sequence) : pong(memory, sequence);
                best = Math.min(best, (System.nanoTime() - start) / 2.0 / EXCHANGES);
            }
            if (first) {
                System.out.printf(Locale.ROOT, "raw ns %.1f%n", best);
            }
        }
    }

    private static long ping(MemorySegment memory, long last) {
        long sequence = last;
        for (int i = 0; i < EXCHANGES; i++) {
            LONG.setRelease(memory, PING, ++sequence);
            await(memory, PONG, sequence);
        }
        return sequence;
    }

    private static long pong(MemorySegment memory, long last) {
        long sequence = last;
        for (int i = 0; i < EXCHANGES; i++) {
            await(memory, PING, ++sequence);
            LONG.setRelease(memory, PONG, sequence);
        }
        return sequence;
    }

    private static void await(MemorySegment memory, long word, long value) {
        for (int look = 0; look < LOOKS; look++) {
            if ((long) LONG.getAcquire(memory, word) == value) {
                return;
            }
        }
        awaitPatiently(memory, word, value);
    }

    /** The other side has not started, or has no core. */
    private static void awaitPatiently(MemorySegment memory, long word, long value) {
        long start = System.nanoTime();
        while ((long) LONG.getAcquire(memory, word) != value) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new IllegalStateException("the other side does not answer");
            }
            Thread.yield();
        }
    }
}
