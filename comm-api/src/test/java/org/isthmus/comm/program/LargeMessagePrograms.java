package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import mpi.MPI;
import mpi.MPIException;
import mpi.Status;
import org.isthmus.LargeCount;

/** A message longer than an int can say. */
final class LargeMessagePrograms {
    private LargeMessagePrograms() {}

    /** One message of 2^31 + 3 bytes, where the machine has the memory for both sides of it. */
    @Program(minRanks = 2, maxRanks = 2)
    static void moreThanTwoGibibytes() throws MPIException, IOException {
        long bytes = (1L << 31) + 3;
        long[] available = {availableKibibytes() >> 20};
        MPI.COMM_WORLD.bcast(available, 1, MPI.LONG, 0);
        if (available[0] < 8) {
            return;
        }
        Path file = Files.createTempFile(Path.of(System.getenv("ISTHMUS_SHM_DIR")), "large", "");
        try (Arena arena = Arena.ofConfined(); FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            MemorySegment buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            long[] places = {0, Integer.MAX_VALUE, 1L << 31, bytes - 1};
            if (MPI.COMM_WORLD.getRank() == 0) {
                for (int i = 0; i < places.length; i++) {
                    buffer.set(ValueLayout.JAVA_BYTE, places[i], (byte) (i + 1));
                }
                LargeCount.send(MPI.COMM_WORLD, buffer, bytes, MPI.BYTE, 1, 0);
            } else {
                Status status = LargeCount.recv(MPI.COMM_WORLD, buffer, bytes, MPI.BYTE, 0, 0);
                equal(bytes, status.getElementsX(MPI.BYTE).getCount(), "elements");
                equal(MPI.UNDEFINED, status.getCount(MPI.BYTE), "a count that is no int");
                for (int i = 0; i < places.length; i++) {
                    equal((byte) (i + 1), buffer.get(ValueLayout.JAVA_BYTE, places[i]), "byte " + places[i]);
                }
                equal((byte) 0, buffer.get(ValueLayout.JAVA_BYTE, bytes - 2), "the last but one");
            }
        }
    }

    private static long availableKibibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream().filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0);
    }
}
