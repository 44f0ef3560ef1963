package org.isthmus.launch;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

/**
 * What the ranks do from which the ahead-of-time cache is made: the calls that most programs make, for a moment.
 *
 * <p>The cache holds how often each branch was taken, and the optimizing compiler leaves out those that never were: a
 * program that takes one later has the whole method compiled again, which costs its first second. So this one also does
 * what is rare: full windows of credit, messages that nobody waits for yet, ranks that come late, new buffers. And it
 * goes on until the compilers have come to most of it: what they had not reached yet, a job's compilers find late.
 */
public final class TrainingProgram {
    private static final int ROUNDS = 20_000;
    private static final int LARGE_EVERY = 40;
    private static final int LATE_EVERY = 100;
    private static final long LATE_MILLIS = 4;
    private static final int WINDOW = 32;
    private static final int STREAMS = 8;
    /** Together more than the credit of a pair of ranks. */
    private static final int STREAM_WINDOWS = 1500;

    private TrainingProgram() {}

    public static void main(String[] args) throws MPIException, InterruptedException {
        MPI.Init(args);
        Intracomm world = MPI.COMM_WORLD;
        Intracomm half = world.split(world.getRank(), 0);
        int peer = 1 - world.getRank();
        for (int round = 0; round < ROUNDS; round++) {
            exchange(world, peer, round % LARGE_EVERY == 0 ? 20_000 : 8);
            collectives(world, round % LARGE_EVERY == 0 ? 10_000 : 1);
            if (round % LATE_EVERY == 0) {
                late(world, peer, round / LATE_EVERY % 2);
            }
            if (round % (ROUNDS / STREAMS) == 0) {
                stream(world, peer);
            }
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

    /** One rank comes later than the other to each kind of wait, so that the other sleeps. */
    private static void late(Intracomm world, int peer, int late) throws MPIException, InterruptedException {
        ByteBuffer buffer = MPI.newByteBuffer(8);
        boolean isLate = peer != late;
        beLate(isLate);
        if (isLate) {
            world.send(buffer, 8, MPI.BYTE, peer, 3);
        } else {
            world.recv(buffer, 8, MPI.BYTE, peer, 3);
        }
        beLate(isLate);
        Request receive = world.iRecv(buffer, 4, MPI.BYTE, peer, 4);
        Request.waitAll(new Request[] {receive, world.iSend(buffer.slice(4, 4), 4, MPI.BYTE, peer, 4)});
        beLate(isLate);
        world.barrier();
        beLate(isLate);
        world.allReduce(new int[1], new int[1], 1, MPI.INT, MPI.SUM);
    }

    private static void beLate(boolean late) throws InterruptedException {
        if (late) {
            Thread.sleep(LATE_MILLIS);
        }
    }

    /** Windows of messages in one direction after another, each answered. */
    private static void stream(Intracomm world, int peer) throws MPIException {
        ByteBuffer answer = MPI.newByteBuffer(8);
        ByteBuffer[] parts = new ByteBuffer[WINDOW];
        ByteBuffer whole = MPI.newByteBuffer(8 * WINDOW);
        for (int i = 0; i < WINDOW; i++) {
            parts[i] = whole.slice(8 * i, 8);
        }
        Request[] requests = new Request[WINDOW];
        for (int n = 0; n < 2 * STREAM_WINDOWS; n++) {
            boolean sends = n < STREAM_WINDOWS == (peer == 1);
            for (int i = 0; i < WINDOW; i++) {
                requests[i] = sends ? world.iSend(parts[i], 8, MPI.BYTE, peer, 5)
                        : world.iRecv(parts[i], 8, MPI.BYTE, peer, 5);
            }
            Request.waitAll(requests);
            if (sends) {
                world.recv(answer, 8, MPI.BYTE, peer, 6);
            } else {
                world.send(answer, 8, MPI.BYTE, peer, 6);
            }
        }
    }
}
