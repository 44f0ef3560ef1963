package org.isthmus.benchmarks;

import java.nio.ByteBuffer;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

/** Loops of messages between pairs of ranks. */
final class PointToPointLoops {
    private static final int WINDOW = 64;
    private static final int PING = 1;
    private static final int DATA = 2;
    private static final int ACKNOWLEDGEMENT = 3;

    private PointToPointLoops() {}

    static double bufferLatency(Job job, int bytes) throws MPIException {
        return latency(job, MPI.newByteBuffer(bytes), bytes);
    }

    static double arrayLatency(Job job, int bytes) throws MPIException {
        return latency(job, new byte[bytes], bytes);
    }

    /** Nanoseconds one way. */
    private static double latency(Job job, Object buffer, int bytes) throws MPIException {
        Intracomm world = job.world();
        int messages = job.messages(bytes);
        long start = System.nanoTime();
        if (job.rank() == 0) {
            for (int i = 0; i < messages; i++) {
                world.send(buffer, bytes, MPI.BYTE, 1, PING);
                world.recv(buffer, bytes, MPI.BYTE, 1, PING);
            }
        } else if (job.rank() == 1) {
            for (int i = 0; i < messages; i++) {
                world.recv(buffer, bytes, MPI.BYTE, 0, PING);
                world.send(buffer, bytes, MPI.BYTE, 0, PING);
            }
        }
        return (System.nanoTime() - start) / 2.0 / messages;
    }

    static double bandwidth(Job job, int bytes) throws MPIException {
        return streams(job, bytes, Math.max(4, job.messages(bytes) / WINDOW)) * bytes / 1e6;
    }

    static double rate(Job job, int bytes) throws MPIException {
        return streams(job, bytes, Math.max(20, job.messages(bytes) / WINDOW));
    }

    /** Messages per second of all pairs. */
    private static double streams(Job job, int bytes, int windows) throws MPIException {
        int pairs = job.size() / 2;
        ByteBuffer[] parts = new ByteBuffer[WINDOW];
        ByteBuffer all = MPI.newByteBuffer(bytes * WINDOW);
        for (int i = 0; i < WINDOW; i++) {
            parts[i] = all.slice(i * bytes, bytes);
        }
        long start = System.nanoTime();
        if (job.rank() < pairs) {
            sendWindows(job.world(), parts, bytes, windows, job.rank() + pairs);
        } else if (job.rank() < 2 * pairs) {
            receiveWindows(job.world(), parts, bytes, windows, job.rank() - pairs);
        }
        job.world().barrier();
        return (double) windows * WINDOW * pairs / ((System.nanoTime() - start) / 1e9);
    }

    private static void sendWindows(Intracomm world, ByteBuffer[] parts, int bytes, int windows, int peer)
            throws MPIException {
        ByteBuffer acknowledgement = MPI.newByteBuffer(4);
        Request[] requests = new Request[WINDOW];
        for (int window = 0; window < windows; window++) {
            for (int i = 0; i < WINDOW; i++) {
                requests[i] = world.iSend(parts[i], bytes, MPI.BYTE, peer, DATA);
            }
            Request.waitAll(requests);
            world.recv(acknowledgement, 4, MPI.BYTE, peer, ACKNOWLEDGEMENT);
        }
    }

    private static void receiveWindows(Intracomm world, ByteBuffer[] parts, int bytes, int windows, int peer)
            throws MPIException {
        ByteBuffer acknowledgement = MPI.newByteBuffer(4);
        Request[] requests = new Request[WINDOW];
        for (int window = 0; window < windows; window++) {
            for (int i = 0; i < WINDOW; i++) {
                requests[i] = world.iRecv(parts[i], bytes, MPI.BYTE, peer, DATA);
            }
            Request.waitAll(requests);
            world.send(acknowledgement, 4, MPI.BYTE, peer, ACKNOWLEDGEMENT);
        }
    }
}
