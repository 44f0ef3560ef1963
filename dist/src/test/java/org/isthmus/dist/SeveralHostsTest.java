package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.config.SearchPath;
import org.isthmus.node.testing.Command;
import org.isthmus.node.testing.TestHosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs over two hosts, by the launchers that this machine has. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class SeveralHostsTest {
    @RegisterExtension
    static final TestHosts HOSTS = new TestHosts("isd", 83);

    @ParameterizedTest
    @CsvSource({"1, slot", "2, node"})
    void allreduceByOurOwnLauncher(String sockets, String mapping) throws Exception {
        Command job = HOSTS.run(Map.of("ISTHMUS_TCPX_SOCKETS", sockets), IsthmusJar.run(HOSTS, 2, "--map-by", mapping,
                "examples/allreduce", "--sizes", "1,1000,100000", "--iterations", "20"));
        assertEquals("", job.errors());
        LaunchedPrograms.assertReduced(job);
    }

    @ParameterizedTest
    @CsvSource({"1, 20000, 1", "2, 20000, auto", "2, 20000, 3"})
    void nothingIsLostReorderedOrChanged(int ranksPerHost, long messages, String shards) throws Exception {
        Command job = HOSTS.run(Map.of("ISTHMUS_MUX_SHARDS", shards), IsthmusJar.run(HOSTS, ranksPerHost, "-cp",
                "target/test-classes", SoakProgram.class.getName(), Long.toString(messages)));
        SoakProgram.Report report = SoakProgram.Report.of(job);
        assertEquals(2, report.hosts());
        assertTrue(report.messages() > messages * 98 / 100, job.output());
    }

    /** The programs that test the API on one node, over two HOSTS. */
    @ParameterizedTest
    @CsvSource({"PointToPointPrograms ProbePrograms RequestPrograms BufferPrograms",
        "CollectivePrograms VectorCollectivePrograms ReductionPrograms",
        "CommunicatorPrograms DatatypePrograms StructPrograms", "TopologyPrograms NeighbourPrograms IntercommPrograms",
        "OneSidedPrograms FilePrograms", "OddUsePrograms OddGroupPrograms OddWindowPrograms WrongCallPrograms"})
    void programsOfTheWholeApi(String suites, @TempDir Path directory) throws Exception {
        List<String> names = List.of(suites.split(" "));
        List<String> words = new ArrayList<>(List.of("-cp", "../comm-api/target/test-classes",
                "org.isthmus.comm.program.ProgramMain", "0"));
        words.addAll(names);
        Command job = HOSTS.run(Map.of("FILE_PROGRAMS_DIRECTORY", directory.toString()),
                IsthmusJar.run(HOSTS, 2, words.toArray(String[]::new)));
        assertEquals(0, job.exitCode(), job.errors() + job.output());
        for (String name : names) {
            long passed = job.output().lines().filter(line -> line.startsWith("passed " + name + "#")).count();
            assertTrue(passed > 0 && passed % 4 == 0, job.output());
        }
    }

    @Test
    void programsRunByMpirun() throws Exception {
        assumeTrue(SearchPath.find("mpirun").isPresent(), "Open MPI is not installed");
        LaunchedPrograms.assertRunWell(rank -> {
            List<String> words = HOSTS.mpirun();
            words.addAll(rank);
            return HOSTS.run(Map.of("ISTHMUS_WIREUP_METHOD", "pmix"), words);
        }, LaunchedPrograms.FLAGS);
    }
}
