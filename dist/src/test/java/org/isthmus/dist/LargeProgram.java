package org.isthmus.dist;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

/**
 * {@code LargeProgram DIRECTORY ENOUGH}: ranks r and r + size/2 send each other large messages, from and to arrays and
 * buffers of the segment, and check every byte. After its first round each rank leaves its process id in the directory.
 * They end when rank 0 finds the file ENOUGH; it says how many rounds there were.
 */
public final class LargeProgram {
    private static final int MESSAGES = 8;
    private static final int BYTES = 1_500_000;

    private final ByteBuffer[] out = new ByteBuffer[MESSAGES];
    private final ByteBuffer[] in = new ByteBuffer[MESSAGES];
    private final int rank = MPI.COMM_WORLD.getRank();
    private final int peer = (rank + MPI.COMM_WORLD.getSize() / 2) % MPI.COMM_WORLD.getSize();

    private LargeProgram() throws MPIException {
        for (int i = 0; i < MESSAGES; i++) {
            out[i] = buffer(i % 2 == 0);
            in[i] = buffer(i / 2 % 2 == 0);
        }
    }

    public static void main(String[] args) throws Exception {
        MPI.Init(args);
        LargeProgram program = new LargeProgram();
        Path enough = Path.of(args[1]);
        boolean[] end = {false};
        int rounds = 0;
        while (!end[0]) {
            program.exchange(rounds);
            if (rounds++ == 0) {
                RankIds.leave(args[0], program.rank);
            }
            end[0] = program.rank == 0 && Files.exists(enough);
            MPI.COMM_WORLD.bcast(end, 1, MPI.BOOLEAN, 0);
        }
        if (program.rank == 0) {
            System.out.println("rounds " + rounds);
        }
        MPI.Finalize();
    }

    private static ByteBuffer buffer(boolean inSegment) throws MPIException {
        return (inSegment ? MPI.newByteBuffer(BYTES) : ByteBuffer.allocate(BYTES)).order(ByteOrder.nativeOrder());
    }

    private void exchange(int round) throws MPIException {
        Request[] requests = new Request[2 * MESSAGES];
        for (int i = 0; i < MESSAGES; i++) {
            requests[2 * i] = MPI.COMM_WORLD.iRecv(in[i], BYTES, MPI.BYTE, peer, i);
            fill(out[i], seed(rank, round, i));
            requests[2 * i + 1] = MPI.COMM_WORLD.iSend(out[i], BYTES, MPI.BYTE, peer, i);
        }
        Request.waitAll(requests);
        for (int i = 0; i < MESSAGES; i++) {
            check(in[i], seed(peer, round, i));
        }
    }

    private static long seed(int sender, int round, int message) {
        return (sender * 1_000_003L + round) * MESSAGES + message;
    }

    private static void fill(ByteBuffer buffer, long seed) {
        for (int at = 0; at + Long.BYTES <= BYTES; at += Long.BYTES) {
            buffer.putLong(at, seed * 0x9e3779b97f4a7c15L + at);
        }
    }

    private static void check(ByteBuffer buffer, long seed) {
        for (int at = 0; at + Long.BYTES <= BYTES; at += Long.BYTES) {
            if (buffer.getLong(at) != seed * 0x9e3779b97f4a7c15L + at) {
                throw new IllegalStateException("the word at " + at + " of message " + seed + " is "
                        + Long.toHexString(buffer.getLong(at)));
            }
        }
    }
}
