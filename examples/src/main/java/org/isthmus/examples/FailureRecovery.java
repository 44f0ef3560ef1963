package org.isthmus.examples;

import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import org.isthmus.Resilience;

/**
 * A rank dies in the middle of a computation and the others finish it:
 * {@code ./isthmus run -n 4 --resilient examples/failure-recovery}.
 *
 * <p>The ranks add up the numbers from 1 to 1,000,000 in ten parts, each rank some of every part. In the fourth part
 * the last rank halts. Whoever notices revokes the communicator, so that all do; all agree whether the part is done,
 * shrink the communicator to those who are left, and do the part again. The sum must be right.
 */
public final class FailureRecovery {
    private static final int PARTS = 10;
    private static final int FATAL_PART = 3;
    private static final long NUMBERS = 1_000_000;

    private FailureRecovery() {}

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        int size = MPI.COMM_WORLD.getSize();
        boolean first = MPI.COMM_WORLD.getRank() == 0;
        if (!Resilience.isEnabled() || size < 2) {
            if (first) {
                System.err.println("examples/failure-recovery: start 2 ranks or more, with isthmus run --resilient");
            }
            MPI.Finalize();
            System.exit(2);
        }
        if (first) {
            System.out.println("sum by " + size + " ranks, of which one dies");
        }
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        Intracomm comm = MPI.COMM_WORLD;
        long sum = 0;
        for (int part = 0; part < PARTS;) {
            if (part == FATAL_PART && MPI.COMM_WORLD.getRank() == size - 1) {
                Runtime.getRuntime().halt(1);
            }
            long[] partSum = new long[1];
            boolean done = add(comm, part, partSum);
            Resilience.ackFailed(comm);
            if (agree(comm, done)) {
                sum += partSum[0];
                part++;
            } else {
                comm = Resilience.shrink(comm);
                if (first) {
                    System.out.println("part " + part + " is done again by " + comm.getSize() + "  verified");
                }
            }
        }
        if (sum != NUMBERS * (NUMBERS + 1) / 2 || comm.getSize() != size - 1) {
            throw new IllegalStateException("the sum is " + sum + " by " + comm.getSize() + " ranks");
        }
        if (first) {
            System.out.println("the numbers from 1 to " + NUMBERS + " add up to " + sum + "  verified");
        }
        MPI.Finalize();
    }

    /** Whether the sum of a part has come about; if not, the communicator is revoked. */
    private static boolean add(Intracomm comm, int part, long[] sum) throws MPIException {
        long from = NUMBERS * part / PARTS;
        long to = NUMBERS * (part + 1) / PARTS;
        for (long number = from + 1 + comm.getRank(); number <= to; number += comm.getSize()) {
            sum[0] += number;
        }
        try {
            comm.allReduce(sum, 1, MPI.LONG, MPI.SUM);
            return true;
        } catch (MPIException e) {
            if (e.getErrorClass() != Resilience.ERR_PROC_FAILED && e.getErrorClass() != Resilience.ERR_REVOKED) {
                throw e;
            }
            Resilience.revoke(comm);
            return false;
        }
    }

    /** Whether all who are left are done. An agreement raises an error while somebody does not know of a loss. */
    private static boolean agree(Intracomm comm, boolean done) throws MPIException {
        while (true) {
            try {
                return Resilience.agree(comm, done ? 1 : 0) == 1;
            } catch (MPIException e) {
                if (e.getErrorClass() != Resilience.ERR_PROC_FAILED) {
                    throw e;
                }
                Resilience.ackFailed(comm);
            }
        }
    }
}
