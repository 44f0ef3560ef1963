package mpi;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/**
 * Rank of {@link AllocationOfTwoRanksTest}'s job: messages go to and fro until the JIT has done its work; then prints
 * how many bytes of heap a message costs this rank, and fails when it is too much.
 */
final class AllocationProgram {
    private static final int[] SIZES = {8, 4096, 65536};
    private static final int ROUNDS = 200;
    private static final int REQUEST_BYTES = 64;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocationProgram() {}

    /** One message to the peer and one back. */
    private interface Exchange {
        void run() throws MPIException;
    }

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        for (int size : SIZES) {
            Object[] buffers = {MPI.newByteBuffer(size), ByteBuffer.allocateDirect(size), new byte[size],
                ByteBuffer.allocate(size)};
            for (Object buffer : buffers) {
                String name = size + " bytes, " + buffer.getClass().getSimpleName();
                check("blocking, " + name, size, 0, () -> blocking(buffer, size));
                if (buffer instanceof Buffer nio) {
                    check("non-blocking, " + name, size, 2 * REQUEST_BYTES, () -> nonBlocking(nio, size));
                }
            }
        }
        MPI.Finalize();
    }

    private static void blocking(Object buffer, int size) throws MPIException {
        if (MPI.COMM_WORLD.getRank() == 0) {
            MPI.COMM_WORLD.send(buffer, size, MPI.BYTE, 1, 1);
            MPI.COMM_WORLD.recv(buffer, size, MPI.BYTE, 1, 1);
        } else {
            MPI.COMM_WORLD.recv(buffer, size, MPI.BYTE, 0, 1);
            MPI.COMM_WORLD.send(buffer, size, MPI.BYTE, 0, 1);
        }
    }

    private static void nonBlocking(Buffer buffer, int size) throws MPIException {
        int peer = 1 - MPI.COMM_WORLD.getRank();
        if (peer == 1) {
            MPI.COMM_WORLD.iSend(buffer, size, MPI.BYTE, peer, 1).waitFor();
            MPI.COMM_WORLD.iRecv(buffer, size, MPI.BYTE, peer, 1).waitFor();
        } else {
            MPI.COMM_WORLD.iRecv(buffer, size, MPI.BYTE, peer, 1).waitFor();
            MPI.COMM_WORLD.iSend(buffer, size, MPI.BYTE, peer, 1).waitFor();
        }
    }

    /** Rounds until in one of them both ranks stay within {@code allowed} bytes an exchange. */
    private static void check(String what, int size, double allowed, Exchange exchange) throws MPIException {
        int exchanges = size > 8 ? 500 : 2000;
        double[] worst = {0};
        for (int round = 0; round < ROUNDS; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < exchanges; i++) {
                exchange.run();
            }
            worst[0] = (THREADS.getCurrentThreadAllocatedBytes() - before) / (double) exchanges;
            MPI.COMM_WORLD.allReduce(worst, 1, MPI.DOUBLE, MPI.MAX);
            if (worst[0] < allowed + 1) {
                break;
            }
        }
        if (MPI.COMM_WORLD.getRank() == 0) {
            System.out.printf("%s: %.1f bytes of heap for a send and a receive%n", what, worst[0]);
        }
        if (worst[0] >= allowed + 1) {
            throw new IllegalStateException(what + ": " + worst[0] + " bytes, " + allowed + " are allowed");
        }
    }
}
