package org.isthmus.benchmarks.allocator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Measures one allocator at one workload: {@code AllocatorBenchmark RIVAL WORKLOAD} prints {@code WORKLOAD UNIT VALUE}, and
 * for an allocator in C also {@code call ns VALUE}, the cost of an empty critical downcall. Prints {@code absent - 1.0} for a
 * rival that is not installed, {@code unable - 1.0} for a workload that it cannot do. One workload in each process: the compiler's
 * profile is that of this one.
 */
public final class AllocatorBenchmark {
    /** In place of a rival: the freeing process of a workload, {@code consumer RIVAL FILE}. */
    static final String CONSUMER = "consumer";

    private static final int ROUNDS = 8;
    private static final int WARM_UP = 3;
    private static final long MIN_ROUND_NANOS = 20_000_000;
    private static final int BLOCKS = 400_000;

    private final String rival;
    private final SharedFile file;
    private final HeapFamily family;

    private AllocatorBenchmark(String rival, SharedFile file, HeapFamily family) {
        this.rival = rival;
        this.file = file;
        this.family = family;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        try {
            if (args[0].equals(CONSUMER)) {
                SharedFile file = SharedFile.attach(Path.of(args[2]));
                ConsumerLoop.run(family(args[1], file, false).newHeap(PairLoops.CONSUMER),
                        new HandleRing(file.memory(), SharedFile.RING));
            } else {
                measure(args[0], Workload.of(args[1]));
            }
        } catch (NativeFamily.AbsentException e) {
            System.err.println(args[0] + ": " + e.getMessage());
            System.out.println("absent - 1.0");
        }
    }

    private static void measure(String rival, Workload workload)
            throws IOException, InterruptedException, NativeFamily.AbsentException {
        try (SharedFile file = SharedFile.create()) {
            HeapFamily family = family(rival, file, true);
            if (workload.maxBytes() > family.maxBytes() || workload.needsProcesses() && !family.spansProcesses()) {
                System.out.println("unable - 1.0");
                return;
            }
            double value = workload.run(new AllocatorBenchmark(rival, file, family));
            System.out.printf(Locale.ROOT, "%s %s %.1f%n", workload.label(), workload.unit(), value);
            if (family instanceof NativeFamily) {
                System.out.printf(Locale.ROOT, "call ns %.1f%n", DownCall.nanos());
            }
        }
    }

    private static HeapFamily family(String rival, SharedFile file, boolean create) throws NativeFamily.AbsentException {
        return switch (rival) {
            case "isthmus" -> new BlockPoolFamily(file);
            case "caslist" -> new CasListFamily(file, create);
            case "glibc", "mimalloc", "jemalloc" ->
                    NativeFamily.use(NativeFamily.Library.valueOf(rival.toUpperCase(Locale.ROOT)));
            default -> throw new IllegalArgumentException("there is no rival " + rival
                    + "; there are isthmus, caslist, glibc, mimalloc, jemalloc");
        };
    }

    SharedFile file() {
        return file;
    }

    HeapFamily family() {
        return family;
    }

    /** The best of several rounds on one heap. A round repeats a short loop until it has taken some milliseconds. */
    double local(ToDoubleFunction<Heap> loop) {
        Heap heap = family.newHeap(0);
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            double sum = 0;
            int times = 0;
            long start = System.nanoTime();
            do {
                sum += loop.applyAsDouble(heap);
                times++;
            } while (System.nanoTime() - start < MIN_ROUND_NANOS);
            best = round < WARM_UP ? best : Math.min(best, sum / times);
        }
        return best;
    }

    /** Blocks from one thread to another. */
    double threads(Sizes sizes) throws InterruptedException {
        return PairLoops.threads(family, file, sizes, BLOCKS);
    }

    /** Blocks from one process to another. */
    double processes(Sizes sizes) throws IOException, InterruptedException {
        return PairLoops.processes(family, rival, file, sizes, BLOCKS);
    }
}
