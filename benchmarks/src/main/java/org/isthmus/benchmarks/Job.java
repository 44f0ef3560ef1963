package org.isthmus.benchmarks;

import mpi.Intracomm;
import mpi.MPIException;

/**
 * The job that a loop runs in.
 *
 * @param initMillis how long {@code MPI.Init} took in this rank
 */
record Job(Intracomm world, int rank, int size, double initMillis) {
    private static final int MOST_MESSAGES = 200_000;
    private static final double MESSAGE_BYTES = 2e9;
    private static final int SMALLEST_COUNTED = 10_000;
    private static final double COLLECTIVE_BYTES = 4e8;

    Job(Intracomm world, double initMillis) throws MPIException {
        this(world, world.getRank(), world.getSize(), initMillis);
    }

    /** Messages of {@code bytes} to send in a round, so that it takes some tenths of a second. */
    int messages(int bytes) {
        return (int) Math.max(20, Math.min(MOST_MESSAGES, MESSAGE_BYTES / Math.max(bytes, SMALLEST_COUNTED)));
    }

    /** Collectives of {@code bytes} per rank in a round. */
    int collectives(long bytes) {
        double most = size <= 2 ? 50_000 : size <= 8 ? 4_000 : 16_000.0 / size;
        return (int) Math.max(10, Math.min(most, COLLECTIVE_BYTES / Math.max(bytes, 1) / size));
    }
}
