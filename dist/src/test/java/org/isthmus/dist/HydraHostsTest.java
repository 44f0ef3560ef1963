package org.isthmus.dist;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.testing.Command;
import org.isthmus.node.testing.TestHosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** MPICH's mpiexec over two HOSTS. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class HydraHostsTest {
    @RegisterExtension
    static final TestHosts HOSTS = new TestHosts("lah", 99, "mpiexec.hydra");

    @TempDir
    static Path directory;

    private static Command mpiexec(List<String> rank, String method, String... options) throws Exception {
        List<String> words = new ArrayList<>(HOSTS.on(1));
        // as rsh: it would give an option to what it takes for ssh
        words.addAll(List.of("mpiexec.hydra", "-launcher", "rsh", "-launcher-exec",
                HOSTS.remoteShellProgram(directory).toString(), "-hosts",
                HOSTS.address(1, 0) + ":2," + HOSTS.address(2, 0) + ":2", "-n", "4"));
        words.addAll(Arrays.asList(options));
        words.addAll(rank);
        return HOSTS.run(Map.of("ISTHMUS_WIREUP_METHOD", method), words);
    }

    @Test
    void programsRunByThePmiDescriptor() throws Exception {
        LaunchedPrograms.assertRunWell(rank -> mpiexec(rank, "pmi"), LaunchedPrograms.FLAGS);
    }

    @Test
    void programsRunByThePmiPortWithoutAnyFlag() throws Exception {
        LaunchedPrograms.assertRunWell(rank -> mpiexec(rank, "pmi", "-pmi-port"));
    }
}
