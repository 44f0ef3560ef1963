package org.isthmus.benchmarks.allocator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Measures one allocator at one workload: {@code AllocatorBenchmark RIVAL WORKLOAD} prints {@code WORKLOAD UNIT VALUE},
 * and for an allocator in C also {@code call ns VALUE}, the cost of an empty critical downcall. Prints
 * {@code absent - 1.0} for a rival that is not installed, {@code unable - 1.0} for a workload that it cannot do. One
 * workload in each process: the compiler's profile is that of this one.
 */
public final class AllocatorBenchmark {
    /** In place of a rival: the freeing process of a workload, {@code consumer RIVAL FILE}. */
    static final String CONSUMER = "consumer";

    private static final int MIN_ROUNDS = 5;
    private static final long WARM_UP_NANOS = 500_000_000;
    private static final long MEASURED_NANOS = 1_000_000_000;
    private static final int BLOCKS = 100_000;

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

    private static HeapFamily family(String rival, SharedFile file, boolean create)
            throws NativeFamily.AbsentException {
        if (RankHeapFamily.isVariant(rival)) {
            return new RankHeapFamily(rival, file, create);
        }
        return switch (rival) {
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

    /** The best of many rounds on one heap: short ones are rarely disturbed by other programs. */
    double local(ToDoubleFunction<Heap> loop) {
        Heap heap = family.newHeap(0);
        long start = System.nanoTime();
        while (System.nanoTime() - start < WARM_UP_NANOS) {
            loop.applyAsDouble(heap);
        }
        double best = Double.MAX_VALUE;
        start = System.nanoTime();
        for (int round = 0; round < MIN_ROUNDS || System.nanoTime() - start < MEASURED_NANOS; round++) {
            best = Math.min(best, loop.applyAsDouble(heap));
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
