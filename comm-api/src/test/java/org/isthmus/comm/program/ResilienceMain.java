package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.nio.IntBuffer;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Message;
import mpi.Request;
import org.isthmus.Resilience;

/**
 * Main of three ranks of which the last ends in the way that the argument names; the others check every call of
 * {@link Resilience}, and what the loss does to others.
 */
public final class ResilienceMain {
    private ResilienceMain() {}

    public static void main(String[] args) throws Exception {
        MPI.Init(args);
        Intracomm world = MPI.COMM_WORLD;
        world.setErrhandler(MPI.ERRORS_RETURN);
        int rank = world.getRank();
        equal(0, Resilience.getFailed(world).getSize(), "failed at the start");
        equal(6, Resilience.agree(world, 7 - (rank == 1 ? 1 : 0)), "agreement of all");
        Intracomm copy = world.dup();
        if (rank == 2) {
            world.send(new int[] {42}, 1, MPI.INT, 0, 1);
            world.send(new int[10_000], 10_000, MPI.INT, 0, 2); // arrives in parts
            Request announced = world.iSend(IntBuffer.wrap(new int[50_000]), 50_000, MPI.INT, 0, 3);
            that(!announced.test(), "nobody has asked for it");
            world.iSend(IntBuffer.wrap(new int[50_000]), 50_000, MPI.INT, 0, 4);
            world.recv(new int[1], 1, MPI.INT, 0, 6);
            end(args[0], world);
        }
        if (args[0].equals("abort")) {
            world.recv(new int[1], 1, MPI.INT, 2, 9);
            throw new AssertionError("went on after abort");
        }
        Message taken = new Message();
        if (rank == 0) {
            equal(50_000, taken.mProbe(2, 4, world).getCount(MPI.INT), "length of what was announced");
            world.send(new int[1], 1, MPI.INT, 2, 6);
        }
        loss(world, copy, rank);
        if (rank == 0) {
            raises(Resilience.ERR_PROC_FAILED, () -> taken.mRecv(new int[50_000], 50_000, MPI.INT),
                    "what was announced and taken by a probe", "rank 2");
        }
        Intracomm pair = Resilience.shrink(world);
        equal(2, pair.getSize(), "left");
        equal(rank, pair.getRank(), "rank");
        int[] sum = {rank + 1};
        pair.allReduce(sum, 1, MPI.INT, MPI.SUM);
        equal(3, sum[0], "sum of those left");
        Intracomm again = pair.dup();
        again.barrier();
        revocation(again, rank);
        pair.barrier();
        MPI.Finalize();
        System.out.println("finalized");
    }

    private static void end(String how, Intracomm world) throws Exception {
        switch (how) {
            case "halt" -> Runtime.getRuntime().halt(9);
            case "exception" -> throw new IllegalStateException("the program's own failure");
            case "exit" -> System.exit(3);
            case "abort" -> world.abort(42);
            default -> throw new IllegalArgumentException(how);
        }
    }

    private static void loss(Intracomm world, Intracomm copy, int rank) throws MPIException {
        int[] one = new int[1];
        Request pending = world.iRecv(MPI.newIntBuffer(1), 1, MPI.INT, 2, 99);
        raises(Resilience.ERR_PROC_FAILED, pending::waitFor, "a receive under way", "rank 2");
        raises(Resilience.ERR_PROC_FAILED, () -> world.recv(one, 1, MPI.INT, 2, 99), "a new receive", "rank 2");
        raises(Resilience.ERR_PROC_FAILED, () -> world.send(one, 1, MPI.INT, 2, 99), "a send", "rank 2");
        raises(Resilience.ERR_PROC_FAILED, () -> world.iSend(IntBuffer.wrap(one), 1, MPI.INT, 2, 99).waitFor(),
                "a non-blocking send", "rank 2");
        raises(Resilience.ERR_PROC_FAILED, () -> world.probe(2, 99), "a probe", "rank 2");
        raises(Resilience.ERR_PROC_FAILED, () -> world.iProbe(2, 99), "a probe that does not wait", "rank 2");
        raises(Resilience.ERR_PROC_FAILED, world::barrier, "a barrier", "rank 2");
        raises(Resilience.ERR_PROC_FAILED, () -> copy.iBarrier().waitFor(), "a barrier on a copy", "rank 2");
        raises(Resilience.ERR_PROC_FAILED, world::dup, "a new communicator", "rank 2");
        raises(Resilience.ERR_PROC_FAILED_PENDING, () -> world.recv(one, 1, MPI.INT, MPI.ANY_SOURCE, 99),
                "from anybody", "rank 2", "ackFailed");
        raises(Resilience.ERR_PROC_FAILED, () -> Resilience.agree(world, 1), "an agreement", "ackFailed");
        equal(1, Resilience.getFailed(world).getSize(), "failed");
        equal(1, Resilience.ackFailed(world), "acknowledged");
        if (rank == 0) {
            world.recv(one, 1, MPI.INT, 2, 1);
            equal(42, one[0], "what was sent before");
            world.recv(new int[10_000], 10_000, MPI.INT, 2, 2);
            raises(Resilience.ERR_PROC_FAILED, () -> world.recv(new int[50_000], 50_000, MPI.INT, 2, 3),
                    "what was only announced", "rank 2");
            world.recv(one, 1, MPI.INT, MPI.ANY_SOURCE, 5);
            equal(5, one[0], "from anybody after ackFailed");
        } else {
            world.send(new int[] {5}, 1, MPI.INT, 0, 5);
        }
        equal(3, Resilience.agree(world, 3), "agreement of those left");
        MPI.COMM_SELF.barrier();
    }

    private static void revocation(Intracomm comm, int rank) throws MPIException {
        comm.setErrhandler(MPI.ERRORS_RETURN);
        that(!Resilience.isRevoked(comm), "not revoked yet");
        comm.barrier();
        if (rank == 0) {
            raises(Resilience.ERR_REVOKED, () -> comm.recv(new int[1], 1, MPI.INT, 1, 0), "a receive", "shrink");
        } else {
            Resilience.revoke(comm);
        }
        that(Resilience.isRevoked(comm), "revoked");
        raises(Resilience.ERR_REVOKED, comm::barrier, "a barrier", "revoked");
        raises(Resilience.ERR_REVOKED, () -> comm.send(new int[1], 1, MPI.INT, rank, 0), "a send", "revoked");
        equal(1, Resilience.agree(comm, 1), "agreement on a revoked communicator");
        Intracomm fresh = Resilience.shrink(comm);
        equal(2, fresh.getSize(), "nobody was lost");
        fresh.barrier();
        comm.free();
        fresh.free();
    }
}
