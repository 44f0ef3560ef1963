package org.isthmus.dist;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import mpi.MPI;

/**
 * Sends messages from rank 0 to rank 1, then says in the first argument's file which process rank 0 is, and waits for the
 * second argument's file.
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
        if (rank == 0) {
            Path written = Path.of(args[0] + ".new");
            Files.writeString(written, Long.toString(ProcessHandle.current().pid()));
            Files.move(written, Path.of(args[0]), StandardCopyOption.ATOMIC_MOVE);
        }
        while (!Files.exists(Path.of(args[1]))) {
            Thread.sleep(10);
        }
        MPI.Finalize();
    }
}
