package org.isthmus.dist;

import java.nio.file.Files;
import java.nio.file.Path;
import mpi.MPI;

/**
 * {@code StatProgram DIRECTORY END}: rank 0 sends messages to rank 1; then each leaves its process id in the directory
 * and waits, outside of MPI, for the file END.
 */
public final class StatProgram {
    static final int MESSAGES = 100;
    static final int BYTES = 1000;

    private StatProgram() {}

    public static void main(String[] args) throws Exception {
        MPI.Init(args);
        int rank = MPI.COMM_WORLD.getRank();
        byte[] data = new byte[BYTES];
        for (int i = 0; i < MESSAGES; i++) {
            if (rank == 0) {
                MPI.COMM_WORLD.send(data, BYTES, MPI.BYTE, 1, 1);
            } else {
                MPI.COMM_WORLD.recv(data, BYTES, MPI.BYTE, 0, 1);
            }
        }
        RankIds.leave(args[0], rank);
        while (!Files.exists(Path.of(args[1]))) {
            Thread.sleep(10);
        }
        MPI.Finalize();
    }
}
