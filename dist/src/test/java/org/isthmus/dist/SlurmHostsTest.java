package org.isthmus.dist;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.testing.TestHosts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Slurm's srun over two nodes. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class SlurmHostsTest {
    @RegisterExtension
    static final TestHosts HOSTS = new TestHosts("las", 100, "srun", "sinfo", "slurmctld", "slurmd");
    private static SlurmCluster slurm;

    @TempDir
    static Path directory;

    @BeforeAll
    static void start() throws Exception {
        slurm = new SlurmCluster(HOSTS, directory);
    }

    @AfterAll
    static void end() {
        if (slurm != null) {
            slurm.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"pmi2, pmi", "pmix, pmix"})
    void programsRunByTheExchangeOfSrun(String type, String method) throws Exception {
        assumeTrue(slurm.offers(type), "this Slurm has no --mpi=" + type);
        LaunchedPrograms.assertRunWell(rank -> slurm.srun(Map.of("ISTHMUS_WIREUP_METHOD", method), type, rank),
                LaunchedPrograms.FLAGS);
    }

    @Test
    void programsRunByTheEnvironmentAndAFileWithoutAnyFlag() throws Exception {
        LaunchedPrograms.assertRunWell(rank -> slurm.srun(Map.of("ISTHMUS_RENDEZVOUS_DIRECTORY", directory.toString()),
                "none", rank));
    }
}
