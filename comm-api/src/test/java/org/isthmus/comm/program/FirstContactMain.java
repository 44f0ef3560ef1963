package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;

import mpi.Intracomm;
import mpi.MPI;
import org.isthmus.Resilience;
import org.isthmus.allocator.segment.KillPoints;

/**
 * Main of ranks of which the second dies, at the point that the argument names, when it sends to the first for the
 * first time; the others do so when they know it.
 */
public final class FirstContactMain {
    private FirstContactMain() {}

    public static void main(String[] args) throws Exception {
        MPI.Init(args);
        Intracomm world = MPI.COMM_WORLD;
        world.setErrhandler(MPI.ERRORS_RETURN);
        int rank = world.getRank();
        int[] value = {rank};
        if (rank == 1) {
            KillPoints.action(point -> {
                if (point.name().equals(args[0])) {
                    Runtime.getRuntime().halt(9);
                }
            });
            world.send(value, 1, MPI.INT, 0, 0);
            throw new AssertionError(args[0] + " was not reached");
        }
        raises(Resilience.ERR_PROC_FAILED, () -> world.recv(new int[1], 1, MPI.INT, 1, 1), "a receive", "rank 1");
        if (rank > 1) {
            world.send(value, 1, MPI.INT, 0, 0);
        } else {
            for (int source = 2; source < world.getSize(); source++) {
                world.recv(value, 1, MPI.INT, source, 0);
                equal(source, value[0], "message");
            }
        }
        MPI.Finalize();
    }
}
