package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Slurm's srun over two nodes. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class SlurmHostsTest {
    private static TestHosts hosts;
    private static SlurmCluster slurm;

    @TempDir
    static Path directory;

    @BeforeAll
    static void up() throws Exception {
        for (String program : List.of("srun", "sinfo", "slurmctld", "slurmd")) {
            assumeTrue(Command.exists(program), "Slurm's " + program + " is not installed");
        }
        hosts = new TestHosts("las", 100);
        slurm = new SlurmCluster(hosts, directory);
    }

    @AfterAll
    static void down() throws Exception {
        if (slurm != null) {
            slurm.close();
        }
        if (hosts != null) {
            hosts.down();
        }
    }

    @ParameterizedTest
    @CsvSource({"pmi2, pmi", "pmix, pmix"})
    void programsRunByTheExchangeOfSrun(String type, String method) throws Exception {
        assumeTrue(slurm.offers(type), "this Slurm has no --mpi=" + type);
        LaunchedPrograms.assertRunWell(rank -> slurm.srun(Map.of("ISTHMUS_WIREUP_METHOD", method), type, rank),
                "--enable-native-access=ALL-UNNAMED");
        assertEquals(List.of(), hosts.leftInSharedMemory());
    }

    @Test
    void programsRunByTheEnvironmentAndAFileWithoutAnyFlag() throws Exception {
        LaunchedPrograms.assertRunWell(rank -> slurm.srun(Map.of("ISTHMUS_RENDEZVOUS_DIRECTORY", directory.toString()),
                "none", rank));
        assertEquals(List.of(), hosts.leftInSharedMemory());
    }
}
