package org.isthmus.examples;

import java.nio.LongBuffer;
import java.util.SplittableRandom;
import mpi.MPI;
import mpi.MPIException;
import mpi.Win;

/**
 * A histogram that lies in parts in all ranks: {@code ./isthmus run -n 4 examples/one-sided-histogram [SAMPLES]}.
 *
 * <p>Each rank owns some of 64 bins, in a window. It draws SAMPLES numbers (default 100000) of a bell curve and counts
 * each in the rank that owns the bin, by {@code accumulate}; nobody receives anything. Each rank draws tickets from a
 * counter of rank 0 by {@code fetchAndOp} to learn whose samples come next. At the end each rank reads the whole
 * histogram by {@code get} and compares it with the one that it computes alone.
 */
public final class OneSidedHistogram {
    private static final int BINS = 64;
    private static final int BATCH = 1000;

    private OneSidedHistogram() {}

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        int exitCode = 0;
        try {
            run(samples(args));
        } catch (IllegalArgumentException e) {
            exitCode = 2;
            if (MPI.COMM_WORLD.getRank() == 0) {
                System.err.println("examples/one-sided-histogram: " + e.getMessage());
            }
        }
        MPI.Finalize();
        System.exit(exitCode);
    }

    private static int samples(String[] args) {
        if (args.length > 1 || args.length == 1 && !args[0].matches("[1-9]\\d{0,7}")) {
            throw new IllegalArgumentException(
                    "the argument is the number of samples of each rank, from 1 to 99999999");
        }
        return args.length == 0 ? 100_000 : Integer.parseInt(args[0]);
    }

    private static void run(int samples) throws MPIException {
        int rank = MPI.COMM_WORLD.getRank();
        int size = MPI.COMM_WORLD.getSize();
        int share = (BINS + size - 1) / size;
        int batches = (samples + BATCH - 1) / BATCH * size;
        LongBuffer mine = MPI.newLongBuffer(share);
        LongBuffer ticket = MPI.newLongBuffer(1);
        Win bins = new Win(mine, share, 1, MPI.INFO_NULL, MPI.COMM_WORLD);
        Win tickets = new Win(ticket, rank == 0 ? 1 : 0, 1, MPI.INFO_NULL, MPI.COMM_WORLD);
        LongBuffer one = MPI.newLongBuffer(1).put(0, 1);
        LongBuffer drawn = MPI.newLongBuffer(1);
        bins.lockAll(0);
        tickets.lockAll(0);
        while (true) {
            tickets.fetchAndOp(one, drawn, MPI.LONG, 0, 0, MPI.SUM);
            tickets.flush(0);
            if (drawn.get(0) >= batches) {
                break;
            }
            for (int bin : batch(drawn.get(0), samples, size)) {
                bins.accumulate(one, 1, MPI.LONG, bin / share, bin % share, 1, MPI.LONG, MPI.SUM);
            }
        }
        tickets.unlockAll();
        bins.unlockAll();
        MPI.COMM_WORLD.barrier();
        LongBuffer all = MPI.newLongBuffer(share * size);
        bins.lockAll(MPI.MODE_NOCHECK);
        for (int owner = 0; owner < size; owner++) {
            bins.get(MPI.slice(all, owner * share), share, MPI.LONG, owner, 0, share, MPI.LONG);
        }
        bins.unlockAll();
        bins.free();
        tickets.free();
        report(all, samples, size, batches);
    }

    /** The bins of one batch's samples: always the same for the same number. */
    private static int[] batch(long number, int samples, int size) {
        int first = (int) (number / size) * BATCH;
        int[] bins = new int[Math.min(BATCH, samples - first)];
        SplittableRandom random = new SplittableRandom(number);
        for (int i = 0; i < bins.length; i++) {
            bins[i] = Math.clamp((long) (BINS / 2 + random.nextGaussian() * BINS / 8), 0, BINS - 1);
        }
        return bins;
    }

    private static void report(LongBuffer all, int samples, int size, int batches) throws MPIException {
        long[] expected = new long[BINS];
        for (int number = 0; number < batches; number++) {
            for (int bin : batch(number, samples, size)) {
                expected[bin]++;
            }
        }
        boolean[] right = {true};
        for (int bin = 0; bin < BINS; bin++) {
            right[0] &= all.get(bin) == expected[bin];
        }
        MPI.COMM_WORLD.allReduce(right, 1, MPI.BOOLEAN, MPI.LAND);
        if (MPI.COMM_WORLD.getRank() == 0) {
            System.out.printf("histogram of %d samples in %d bins on %d ranks%n", (long) samples * size, BINS, size);
            System.out.println("all bins on all ranks: " + (right[0] ? "verified" : "WRONG"));
        }
        if (!right[0]) {
            throw new IllegalStateException("the histogram differs from the one computed alone");
        }
    }
}
