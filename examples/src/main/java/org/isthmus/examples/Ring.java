package org.isthmus.examples;

import java.nio.IntBuffer;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

/**
 * A token goes round all ranks, each adding its own number: {@code ./isthmus run -n 4 examples/ring}.
 *
 * <p>First one token that each rank waits for, then one token of every rank at once, by non-blocking messages: blocking
 * sends of all ranks at the same time could wait for each other.
 */
public final class Ring {
    private static final int TAG = 0;

    private Ring() {}

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        int rank = MPI.COMM_WORLD.getRank();
        int size = MPI.COMM_WORLD.getSize();
        if (rank == 0) {
            System.out.println("ring of " + size + " ranks");
        }
        check("one token", oneToken(rank, size), rank == 0 ? sum(size) : sum(rank));
        check("a token of each rank", tokenOfEach(rank, size), sum(size));
        MPI.COMM_WORLD.barrier();
        if (rank == 0) {
            System.out.println("one token, then " + size + " at once, each gathered " + sum(size) + "  verified");
        }
        MPI.Finalize();
    }

    /** The token as it comes by: rank r gets what the ranks before it added; rank 0, at the end, the whole. */
    private static int oneToken(int rank, int size) throws MPIException {
        int[] token = {0};
        if (size == 1) {
            return token[0];
        }
        if (rank != 0) {
            MPI.COMM_WORLD.recv(token, 1, MPI.INT, rank - 1, TAG);
        }
        int before = token[0];
        token[0] += rank;
        MPI.COMM_WORLD.send(token, 1, MPI.INT, (rank + 1) % size, TAG);
        if (rank == 0) {
            MPI.COMM_WORLD.recv(token, 1, MPI.INT, size - 1, TAG);
            return token[0];
        }
        return before;
    }

    private static int tokenOfEach(int rank, int size) throws MPIException {
        IntBuffer out = MPI.newIntBuffer(1).put(0, rank);
        IntBuffer in = MPI.newIntBuffer(1);
        for (int step = 0; step < size - 1; step++) {
            Request receive = MPI.COMM_WORLD.iRecv(in, 1, MPI.INT, (rank + size - 1) % size, TAG);
            Request send = MPI.COMM_WORLD.iSend(out, 1, MPI.INT, (rank + 1) % size, TAG);
            Request.waitAll(new Request[] {receive, send});
            out.put(0, in.get(0) + rank);
        }
        return out.get(0);
    }

    /** 0 + 1 + ... + (ranks - 1). */
    private static int sum(int ranks) {
        return ranks * (ranks - 1) / 2;
    }

    private static void check(String what, int actual, int expected) {
        if (actual != expected) {
            throw new IllegalStateException(what + " is " + actual + ", should be " + expected);
        }
    }
}
