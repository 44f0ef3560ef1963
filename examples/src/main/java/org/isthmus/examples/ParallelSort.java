package org.isthmus.examples;

import java.util.Arrays;
import java.util.SplittableRandom;
import mpi.MPI;
import mpi.MPIException;

/**
 * Sorts numbers that are spread over the ranks: {@code ./isthmus run -n 4 examples/parallel-sort [NUMBERS]}.
 *
 * <p>Regular sampling (Shi and Schaeffer 1992): each rank sorts its own numbers and offers a few of them as samples;
 * all choose the same splitters out of the samples, send each number to the rank of its interval by {@code allToAllv},
 * and sort what they got. Checked: each rank's numbers are in order and not below those of the rank before it, and
 * number and checksum of all are those of the beginning. NUMBERS is the total, default 1,000,000.
 */
public final class ParallelSort {
    private ParallelSort() {}

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        boolean understood = args.length == 0 || args.length == 1 && args[0].matches("[1-9]\\d{0,8}");
        if (understood) {
            run(args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]));
        } else if (MPI.COMM_WORLD.getRank() == 0) {
            System.err.println("examples/parallel-sort: \"" + String.join(" ", args)
                    + "\" is not understood; give the number of numbers, from 1 to 999999999");
        }
        MPI.Finalize();
        System.exit(understood ? 0 : 2);
    }

    private static void run(int total) throws MPIException {
        int rank = MPI.COMM_WORLD.getRank();
        int size = MPI.COMM_WORLD.getSize();
        int count = (int) ((long) total * (rank + 1) / size - (long) total * rank / size);
        int[] numbers = new SplittableRandom(rank).ints(count).toArray();
        long[] before = digest(numbers);
        MPI.COMM_WORLD.barrier();
        long start = System.nanoTime();
        int[] sorted = sort(numbers, size);
        double[] seconds = {(System.nanoTime() - start) / 1e9};
        MPI.COMM_WORLD.allReduce(seconds, 1, MPI.DOUBLE, MPI.MAX);
        verify(sorted, before, rank, size);
        if (rank == 0) {
            System.out.println("sorting on " + size + " ranks");
            System.out.printf("%d numbers: %.3f s  verified%n", total, seconds[0]);
        }
    }

    private static int[] sort(int[] numbers, int size) throws MPIException {
        Arrays.sort(numbers);
        int[] splitters = splitters(numbers, size);
        int[] sendCounts = new int[size];
        int[] sendStarts = new int[size];
        int at = 0;
        for (int to = 0; to < size; to++) {
            sendStarts[to] = at;
            at = to == size - 1 ? numbers.length : firstAbove(numbers, at, splitters[to]);
            sendCounts[to] = at - sendStarts[to];
        }
        int[] counts = new int[size];
        MPI.COMM_WORLD.allToAll(sendCounts, 1, MPI.INT, counts, 1, MPI.INT);
        int[] starts = new int[size];
        int length = 0;
        for (int from = 0; from < size; from++) {
            starts[from] = length;
            length += counts[from];
        }
        int[] mine = new int[length];
        MPI.COMM_WORLD.allToAllv(numbers, sendCounts, sendStarts, MPI.INT, mine, counts, starts, MPI.INT);
        Arrays.sort(mine);
        return mine;
    }

    /** The last number of each interval but the last; equal on all ranks. */
    private static int[] splitters(int[] numbers, int size) throws MPIException {
        int[] offered = new int[size];
        for (int i = 0; i < size && numbers.length > 0; i++) {
            offered[i] = numbers[(int) ((long) numbers.length * i / size)];
        }
        int[] samples = new int[size * size];
        MPI.COMM_WORLD.allGather(offered, size, MPI.INT, samples, size, MPI.INT);
        Arrays.sort(samples);
        int[] splitters = new int[size - 1];
        for (int i = 0; i < splitters.length; i++) {
            splitters[i] = samples[(i + 1) * size - 1];
        }
        return splitters;
    }

    /** Index of the first number above {@code limit}, from {@code from} on. */
    private static int firstAbove(int[] numbers, int from, int limit) {
        int low = from;
        int high = numbers.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (numbers[middle] <= limit) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** How many, their sum, and the sum of their squares. */
    private static long[] digest(int[] numbers) {
        long[] digest = {numbers.length, 0, 0};
        for (int number : numbers) {
            digest[1] += number;
            digest[2] += (long) number * number;
        }
        return digest;
    }

    private static void verify(int[] sorted, long[] before, int rank, int size) throws MPIException {
        long[] after = digest(sorted);
        MPI.COMM_WORLD.allReduce(before, 3, MPI.LONG, MPI.SUM);
        MPI.COMM_WORLD.allReduce(after, 3, MPI.LONG, MPI.SUM);
        if (!Arrays.equals(before, after)) {
            throw new IllegalStateException("number, sum and squares were " + Arrays.toString(before) + ", are "
                    + Arrays.toString(after));
        }
        int[] largest = {rank == 0 ? Integer.MIN_VALUE : 0};
        if (rank > 0) {
            MPI.COMM_WORLD.recv(largest, 1, MPI.INT, rank - 1, 0);
        }
        for (int number : sorted) {
            if (number < largest[0]) {
                throw new IllegalStateException(number + " on rank " + rank + " comes after " + largest[0]);
            }
            largest[0] = number;
        }
        if (rank < size - 1) {
            MPI.COMM_WORLD.send(largest, 1, MPI.INT, rank + 1, 0);
        }
    }
}
