package org.isthmus.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import mpi.MPI;
import mpi.Request;

/**
 * Program of the job that {@link StatCommandTest} looks at: each rank sends three short messages and a long one to the
 * next, puts a file named by its process id into the first argument's directory, and ends once the second argument's
 * file exists.
 */
public final class CountedMain {
    private static final int LONG_BYTES = 10_000;

    private CountedMain() {}

    public static void main(String[] args) throws Exception {
        MPI.Init(args);
        int rank = MPI.COMM_WORLD.getRank();
        int size = MPI.COMM_WORLD.getSize();
        if (rank == 1) {
            MPI.pControl(3, null);
        }
        for (int bytes : new int[] {8, 8, 8, LONG_BYTES}) {
            Request receive =
                    MPI.COMM_WORLD.iRecv(MPI.newByteBuffer(bytes), bytes, MPI.BYTE, (rank + size - 1) % size, 1);
            MPI.COMM_WORLD.send(new byte[bytes], bytes, MPI.BYTE, (rank + 1) % size, 1);
            receive.waitFor();
        }
        Files.writeString(Path.of(args[0]).resolve(Long.toString(ProcessHandle.current().pid())), "");
        while (!Files.exists(Path.of(args[1]))) {
            Thread.sleep(10);
        }
        MPI.Finalize();
    }
}
