package org.isthmus.comm.program;

import mpi.MPI;
import mpi.MPIException;

/** Main of ranks that all leave without {@code MPI.Finalize}: by {@code System.exit(0)} ("exit"), or by returning. */
public final class LeaveMain {
    private LeaveMain() {}

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        MPI.COMM_WORLD.barrier();
        if (args[0].equals("exit")) {
            System.exit(0);
        }
    }
}
