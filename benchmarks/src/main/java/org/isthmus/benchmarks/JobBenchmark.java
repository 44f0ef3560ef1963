package org.isthmus.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import mpi.MPI;
import mpi.MPIException;

/**
 * What each rank of a benchmark job runs: {@code JobBenchmark METRIC[,METRIC...]}, where METRIC is {@code name} or
 * {@code name:size} ({@link Metric}).
 *
 * <p>Rank 0 prints a line {@code METRIC UNIT VALUE} for each: the best of {@value #ROUNDS} rounds after one for warming
 * up. The companion in C, {@code peer.c} among the resources, has the same loops, counts and output.
 */
public final class JobBenchmark {
    private static final int ROUNDS = 3;
    private static final int USAGE_ERROR = 2;

    private JobBenchmark() {}

    /** A metric with its size argument. */
    private record Measurement(String name, Metric metric, int size) {
        static Measurement parse(String text) {
            int colon = text.indexOf(':');
            Metric metric = Metric.of(colon < 0 ? text : text.substring(0, colon));
            if (metric.isSized() != colon >= 0) {
                throw new IllegalArgumentException("metric " + text + ": " + (colon < 0 ? "say a size, as in " + text
                        + ":8" : "it takes no size"));
            }
            return new Measurement(text, metric, colon < 0 ? 0 : size(text, text.substring(colon + 1)));
        }

        private static int size(String metric, String digits) {
            if (!digits.matches("[0-9]{1,9}") || Integer.parseInt(digits) == 0) {
                throw new IllegalArgumentException("metric " + metric + ": the size must be from 1 to 999999999");
            }
            return Integer.parseInt(digits);
        }
    }

    public static void main(String[] args) throws MPIException {
        List<Measurement> measurements = new ArrayList<>();
        try {
            if (args.length != 1) {
                throw new IllegalArgumentException("one argument is needed: METRIC[,METRIC...]");
            }
            for (String text : args[0].split(",")) {
                measurements.add(Measurement.parse(text));
            }
        } catch (IllegalArgumentException e) {
            System.err.println("JobBenchmark: " + e.getMessage());
            System.exit(USAGE_ERROR);
        }
        long start = System.nanoTime();
        MPI.Init(args);
        Job job = new Job(MPI.COMM_WORLD, (System.nanoTime() - start) / 1e6);
        for (Measurement measurement : measurements) {
            measure(job, measurement);
        }
        job.world().barrier();
        MPI.Finalize();
    }

    private static void measure(Job job, Measurement measurement) throws MPIException {
        Metric metric = measurement.metric;
        if (metric.needsPairs() && job.size() < 2) {
            throw new IllegalArgumentException("metric " + measurement.name + " needs at least 2 ranks");
        }
        double best = Double.NaN;
        for (int round = 0; round <= ROUNDS; round++) {
            job.world().barrier();
            double value = metric.loop().run(job, measurement.size);
            if (round > 0) {
                best = metric.better(best, value);
            }
        }
        if (job.rank() == 0) {
            System.out.printf(Locale.ROOT, "%s %s %.1f%n", measurement.name, metric.unit(), best);
        }
    }
}
