package org.isthmus.examples;

import java.util.SplittableRandom;
import mpi.MPI;
import mpi.MPIException;

/**
 * Pi from random points in a square, some on each rank: {@code ./isthmus run -n 4 examples/monte-carlo-pi [POINTS]}.
 *
 * <p>Points come in blocks of 65,536, each with its own seed, and the blocks are dealt out to the ranks: the result
 * depends on the number of points (default 4,000,000) and not on that of ranks. Rank 0 counts one block of each other
 * rank anew, and pi must lie within five standard deviations.
 */
public final class MonteCarloPi {
    private static final int BLOCK = 1 << 16;

    private MonteCarloPi() {}

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        int rank = MPI.COMM_WORLD.getRank();
        int size = MPI.COMM_WORLD.getSize();
        long[] points = {rank == 0 ? points(args) : 0};
        MPI.COMM_WORLD.bcast(points, 1, MPI.LONG, 0);
        if (points[0] == 0) {
            MPI.Finalize();
            System.exit(2);
        }
        long blocks = (points[0] + BLOCK - 1) / BLOCK;
        long[] first = {rank < blocks ? inside(rank) : 0};
        long[] inside = {first[0]};
        for (long block = rank + size; block < blocks; block += size) {
            inside[0] += inside(block);
        }
        long[] total = new long[1];
        MPI.COMM_WORLD.reduce(inside, total, 1, MPI.LONG, MPI.SUM, 0);
        long[] firsts = new long[size];
        MPI.COMM_WORLD.gather(first, 1, MPI.LONG, firsts, 1, MPI.LONG, 0);
        if (rank == 0) {
            System.out.println("pi by " + size + " ranks");
            report(blocks, total[0], firsts);
        }
        MPI.Finalize();
    }

    /** 0 when the argument is wrong. */
    private static long points(String[] args) {
        if (args.length == 0) {
            return 4_000_000;
        }
        if (args.length == 1 && args[0].matches("[1-9]\\d{0,11}")) {
            return Long.parseLong(args[0]);
        }
        System.err.println("examples/monte-carlo-pi: \"" + String.join(" ", args)
                + "\" is not understood; give the number of points, from 1 to 999999999999");
        return 0;
    }

    /** Points of that block within the quarter circle. */
    private static long inside(long block) {
        SplittableRandom random = new SplittableRandom(block);
        long count = 0;
        for (int i = 0; i < BLOCK; i++) {
            double x = random.nextDouble();
            double y = random.nextDouble();
            if (x * x + y * y < 1) {
                count++;
            }
        }
        return count;
    }

    private static void report(long blocks, long inside, long[] firsts) {
        for (int rank = 1; rank < firsts.length; rank++) {
            long expected = rank < blocks ? inside(rank) : 0;
            if (firsts[rank] != expected) {
                throw new IllegalStateException("rank " + rank + " counted " + firsts[rank]
                        + " points of its first block, should be " + expected);
            }
        }
        double points = (double) blocks * BLOCK;
        double pi = 4 * inside / points;
        double deviation = Math.sqrt(Math.PI * (4 - Math.PI) / points);
        if (Math.abs(pi - Math.PI) > 5 * deviation) {
            throw new IllegalStateException("pi is " + pi
                    + ", more than five standard deviations (" + deviation + ") off");
        }
        System.out.printf("%.0f points: %.6f, off by %.6f, standard deviation %.6f  verified%n", points, pi,
                Math.abs(pi - Math.PI), deviation);
    }
}
