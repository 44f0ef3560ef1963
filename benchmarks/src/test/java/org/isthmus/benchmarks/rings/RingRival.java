package org.isthmus.benchmarks.rings;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * Measures one subject at one size of record, at each depth: {@code RingRival ask|answer|threads SUBJECT BYTES
 * DEPTH,DEPTH RING_BYTES MILLIS DIRECTORY}. In the mode with two processes, one asks and the other answers, through
 * files in DIRECTORY. Prints {@code DEPTH ns} for each depth: the best of {@value #ROUNDS} rounds after
 * {@value #WARM_UP_ROUNDS} for warming up: short rounds, so that some pass undisturbed on a machine that others use.
 */
public final class RingRival {
    private static final int ROUNDS = 20;
    private static final int WARM_UP_ROUNDS = 10;
    private static final long ATTACH_NANOS = 20_000_000_000L;

    private RingRival() {}

    public static void main(String[] args) throws Exception {
        Subject subject = Subject.of(args[1]);
        int bytes = Integer.parseInt(args[2]);
        int ringBytes = Integer.parseInt(args[4]);
        long nanos = Long.parseLong(args[5]) * 1_000_000;
        for (String text : args[3].split(",")) {
            int depth = Integer.parseInt(text);
            if (args[0].equals("threads")) {
                threads(subject, bytes, depth, ringBytes, nanos);
            } else {
                process(subject, bytes, depth, ringBytes, nanos, args[0].equals("ask"), Path.of(args[6]));
            }
        }
    }

    private static void threads(Subject subject, int bytes, int depth, int ringBytes, long nanos)
            throws InterruptedException {
        MemorySegment memory = Arena.ofShared().allocate(Lanes.bytes(ringBytes), 4096);
        Lane[] lanes = Lanes.ofThreads(subject, memory, ringBytes, depth, bytes);
        Thread answering = new Thread(() -> new Exchange(lanes[1], depth).answer());
        answering.setDaemon(true);
        answering.start();
        measure(lanes[0], depth, nanos);
        answering.join();
    }

    private static void process(Subject subject, int bytes, int depth, int ringBytes, long nanos, boolean asks,
            Path directory) throws Exception {
        Path file = directory.resolve("depth" + depth);
        Lane lane;
        if (asks) {
            lane = lane(subject, bytes, ringBytes, true, file, StandardOpenOption.CREATE_NEW);
            Files.createFile(directory.resolve("ready" + depth));
        } else {
            awaitFile(directory.resolve("ready" + depth));
            lane = lane(subject, bytes, ringBytes, false, file, StandardOpenOption.READ);
        }
        try {
            if (asks) {
                measure(lane, depth, nanos);
            } else {
                new Exchange(lane, depth).answer();
            }
        } finally {
            if (lane instanceof AutoCloseable resource) {
                resource.close();
            }
        }
    }

    private static Lane lane(Subject subject, int bytes, int ringBytes, boolean asks, Path file, StandardOpenOption how)
            throws IOException {
        try (FileChannel channel = FileChannel.open(file, how, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment memory =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, Lanes.bytes(ringBytes), Arena.ofShared());
            return Lanes.ofProcess(subject, memory, ringBytes, bytes, asks,
                    file.resolveSibling(file.getFileName() + ".aeron"));
        }
    }

    private static void awaitFile(Path file) throws InterruptedException {
        long start = System.nanoTime();
        while (!Files.exists(file)) {
            if (System.nanoTime() - start > ATTACH_NANOS) {
                throw new IllegalStateException("the asking side has not made " + file);
            }
            Thread.sleep(1);
        }
    }

    private static void measure(Lane lane, int depth, long nanos) {
        Exchange exchange = new Exchange(lane, depth);
        exchange.ask(WARM_UP_ROUNDS * nanos);
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            best = Math.min(best, exchange.ask(nanos));
        }
        exchange.end();
        System.out.printf(Locale.ROOT, "%d %.2f%n", depth, best);
    }
}
