package org.isthmus.examples;

import java.nio.ByteBuffer;
import mpi.MPI;
import mpi.MPIException;

/**
 * Time of a message there and back between the first and the last rank, by size:
 * {@code ./isthmus run -n 2 examples/ping-pong}.
 *
 * <p>The buffers come from {@link MPI#newByteBuffer}: they lie in memory that the ranks of a node share, so the sender
 * does not copy large messages. Both sides check every byte of the last message of each size.
 */
public final class PingPong {
    private static final int LARGEST = 1 << 20;
    private static final int TAG = 0;

    private PingPong() {}

    public static void main(String[] args) throws MPIException {
        MPI.Init(args);
        int rank = MPI.COMM_WORLD.getRank();
        int size = MPI.COMM_WORLD.getSize();
        ByteBuffer out = MPI.newByteBuffer(LARGEST);
        ByteBuffer in = MPI.newByteBuffer(LARGEST);
        if (rank == 0) {
            System.out.println("ping-pong between the first and the last of " + size + " ranks");
        }
        for (int bytes = 1; bytes <= LARGEST; bytes *= 8) {
            int rounds = Math.clamp(20_000_000L / bytes, 20, 2_000);
            if (size > 1 && (rank == 0 || rank == size - 1)) {
                fill(out, bytes, rank + bytes);
                int partner = size - 1 - rank;
                long start = System.nanoTime();
                for (int round = 0; round < rounds; round++) {
                    exchange(out, in, bytes, partner, rank == 0);
                }
                double micros = (System.nanoTime() - start) / 2e3 / rounds;
                verify(in, bytes, partner + bytes);
                if (rank == 0) {
                    System.out.printf("%8d bytes %10.2f us one way  verified%n", bytes, micros);
                }
            }
        }
        if (size == 1) {
            System.out.println("one rank has nobody to send to: start 2 or more  verified");
        }
        MPI.Finalize();
    }

    private static void exchange(ByteBuffer out, ByteBuffer in, int bytes, int partner, boolean serves)
            throws MPIException {
        if (serves) {
            MPI.COMM_WORLD.send(out, bytes, MPI.BYTE, partner, TAG);
        }
        MPI.COMM_WORLD.recv(in, bytes, MPI.BYTE, partner, TAG);
        if (!serves) {
            MPI.COMM_WORLD.send(out, bytes, MPI.BYTE, partner, TAG);
        }
    }

    private static void fill(ByteBuffer buffer, int bytes, int seed) {
        for (int i = 0; i < bytes; i++) {
            buffer.put(i, (byte) (seed + i * 7));
        }
    }

    private static void verify(ByteBuffer buffer, int bytes, int seed) {
        for (int i = 0; i < bytes; i++) {
            if (buffer.get(i) != (byte) (seed + i * 7)) {
                throw new IllegalStateException(
                        "byte " + i + " of " + bytes + " is " + buffer.get(i) + ", should be " + (byte) (seed + i * 7));
            }
        }
    }
}
