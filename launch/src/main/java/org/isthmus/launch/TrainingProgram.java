package org.isthmus.launch;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

/** What the ranks do from which the ahead-of-time cache is made: the calls that most programs make, for a moment. */
public final class TrainingProgram {
    private static final int ROUNDS = 2000;
    private static final int LARGE_EVERY = 40;
    private static final int WINDOW = 32;

    private TrainingProgram() {}

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        Intracomm world = MPI.COMM_WORLD;
        Intracomm half = world.split(world.getRank(), 0);
        int peer = 1 - world.getRank();
        for (int round = 0; round < ROUNDS; round++) {
            exchange(world, peer, round % LARGE_EVERY == 0 ? 20_000 : 8);
            collectives(world, round % LARGE_EVERY == 0 ? 10_000 : 1);
        }
        half.free();
        MPI.Finalize();
    }

    private static void exchange(Intracomm world, int peer, int bytes) throws MPIException {
        byte[] array = new byte[bytes];
        ByteBuffer buffer = MPI.newByteBuffer(bytes);
        for (Object message : new Object[] {array, buffer}) {
            if (peer == 1) {
                world.send(message, bytes, MPI.BYTE, peer, 1);
                world.recv(message, bytes, MPI.BYTE, peer, 1);
            } else {
                world.recv(message, bytes, MPI.BYTE, peer, 1);
                world.send(message, bytes, MPI.BYTE, peer, 1);
            }
        }
        Request[] requests = new Request[2 * WINDOW];
        for (int i = 0; i < WINDOW; i++) {
            requests[2 * i] = world.iRecv(buffer, 8, MPI.BYTE, peer, 2);
            requests[2 * i + 1] = world.iSend(buffer, 8, MPI.BYTE, peer, 2);
        }
        Request.waitAll(requests);
    }

    private static void collectives(Intracomm world, int count) throws MPIException {
        double[] in = new double[2 * count];
        double[] out = new double[2 * count];
        DoubleBuffer shared = MPI.newDoubleBuffer(2 * count);
        DoubleBuffer result = MPI.newDoubleBuffer(2 * count);
        world.barrier();
        world.bcast(in, count, MPI.DOUBLE, 0);
        world.allReduce(in, out, count, MPI.DOUBLE, MPI.SUM);
        world.allReduce(shared, count, MPI.DOUBLE, MPI.SUM);
        for (int i = 0; i < WINDOW; i++) {
            world.allReduce(shared, result, count, MPI.DOUBLE, MPI.SUM);
        }
        world.reduce(in, out, count, MPI.DOUBLE, MPI.SUM, 0);
        world.gather(in, count, MPI.DOUBLE, out, count, MPI.DOUBLE, 0);
        world.allGather(in, count, MPI.DOUBLE, out, count, MPI.DOUBLE);
        world.allToAll(in, count, MPI.DOUBLE, out, count, MPI.DOUBLE);
    }
}
