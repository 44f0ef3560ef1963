package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** MPICH's mpiexec over two hosts. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class HydraHostsTest {
    private static TestHosts hosts;

    @TempDir
    static Path directory;

    @BeforeAll
    static void up() throws Exception {
        assumeTrue(Command.exists("mpiexec.hydra"), "MPICH is not installed");
        hosts = new TestHosts("lah", 99);
    }

    @AfterAll
    static void down() throws Exception {
        if (hosts != null) {
            hosts.down();
        }
    }

    private static Command mpiexec(List<String> rank, String method, String... options) throws Exception {
        List<String> words = new ArrayList<>(hosts.onFirst());
        // as rsh: it would give an option to what it takes for ssh
        words.addAll(List.of("mpiexec.hydra", "-launcher", "rsh", "-launcher-exec",
                hosts.remoteShellProgram(directory).toString(), "-hosts",
                hosts.address(1, 0) + ":2," + hosts.address(2, 0) + ":2", "-n", "4"));
        words.addAll(Arrays.asList(options));
        words.addAll(rank);
        return hosts.run(Map.of("ISTHMUS_WIREUP_METHOD", method), words);
    }

    @Test
    void programsRunByThePmiDescriptor() throws Exception {
        LaunchedPrograms.assertRunWell(rank -> mpiexec(rank, "pmi"), "--enable-native-access=ALL-UNNAMED");
        assertEquals(List.of(), hosts.leftInSharedMemory());
    }

    @Test
    void programsRunByThePmiPortWithoutAnyFlag() throws Exception {
        LaunchedPrograms.assertRunWell(rank -> mpiexec(rank, "pmi", "-pmi-port"));
        assertEquals(List.of(), hosts.leftInSharedMemory());
    }
}
