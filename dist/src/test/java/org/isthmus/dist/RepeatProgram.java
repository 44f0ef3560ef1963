package org.isthmus.dist;

import mpi.MPI;
import mpi.MPIException;

/**
 * {@code RepeatProgram DIRECTORY}: each rank leaves its process id there, then all reduce together until they are
 * ended.
 */
public final class RepeatProgram {
    private RepeatProgram() {}

    public static void main(String[] args) throws Exception {
        MPI.Init(args);
        int[] value = {0};
        MPI.COMM_WORLD.allReduce(value, 1, MPI.INT, MPI.SUM);
        RankIds.leave(args[0], MPI.COMM_WORLD.getRank());
        repeat(value);
    }

    private static void repeat(int[] value) throws MPIException {
        while (value[0] >= 0) {
            value[0] = 1;
            MPI.COMM_WORLD.allReduce(value, 1, MPI.INT, MPI.SUM);
        }
        throw new IllegalStateException("a sum of ones is " + value[0]);
    }
}
