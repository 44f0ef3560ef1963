package mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.bootstrap.LauncherEnvironment;
import org.isthmus.node.config.LauncherVariables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages between two processes leave nothing on the heap, non-blocking ones their Request, once compiled. */
class AllocationOfTwoRanksTest {
    private static final int RANKS = 2;

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void sendAndReceiveAllocateNothing() throws Exception {
        String job = UUID.randomUUID().toString();
        List<Process> ranks = new ArrayList<>();
        try {
            for (int rank = 0; rank < RANKS; rank++) {
                ranks.add(start(rank, job));
            }
            for (int rank = 0; rank < RANKS; rank++) {
                assertEquals(0, ranks.get(rank).waitFor(), Files.readString(output(rank)));
            }
        } finally {
            ranks.forEach(Process::destroyForcibly);
        }
        String output = Files.readString(output(0));
        assertTrue(output.contains("non-blocking, 65536 bytes"), output);
    }

    private Process start(int rank, String job) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                AllocationProgram.class.getName());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeAll(LauncherEnvironment.foreignVariables());
        environment.put(LauncherVariables.RANK, Integer.toString(rank));
        environment.put(LauncherVariables.SIZE, Integer.toString(RANKS));
        environment.put(LauncherVariables.LOCAL_RANK, Integer.toString(rank));
        environment.put(LauncherVariables.LOCAL_SIZE, Integer.toString(RANKS));
        environment.put(LauncherVariables.JOB, job);
        return builder.redirectErrorStream(true).redirectOutput(output(rank).toFile()).start();
    }

    private Path output(int rank) {
        return directory.resolve("rank-" + rank);
    }
}
