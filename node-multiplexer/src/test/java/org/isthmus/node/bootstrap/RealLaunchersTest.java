package org.isthmus.node.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.isthmus.node.config.SearchPath;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The job-wide exchange under the launchers that are installed. */
@Timeout(120)
class RealLaunchersTest {
    private static final int RANKS = 3;

    @TempDir
    Path directory;

    private record Result(int exitCode, String output) {}

    private Result run(Map<String, String> environment, boolean nativeAccess, String action, String... launcher)
            throws Exception {
        Assumptions.assumeTrue(SearchPath.find(launcher[0]).isPresent(), launcher[0] + " is not installed");
        Path output = Files.createTempFile(directory, "launcher", ".out");
        List<String> command = new ArrayList<>(Arrays.asList(launcher));
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        if (nativeAccess) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ExchangeRank.class.getName(), action));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("ISTHMUS_RENDEZVOUS_DIRECTORY", directory.resolve("meet").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            return new Result(process.waitFor(), Files.readString(output));
        } finally {
            process.destroyForcibly();
        }
    }

    private static String[] mpirun() {
        return new String[] {"mpirun", "--allow-run-as-root", "--oversubscribe", "-np", Integer.toString(RANKS)};
    }

    private static void assertPassed(Result result, String name) {
        assertEquals(0, result.exitCode(), result.output());
        for (int rank = 0; rank < RANKS; rank++) {
            assertTrue(result.output().contains("passed " + rank + " of " + RANKS + " by " + name), result.output());
        }
        assertFalse(result.output().contains("WARNING"), result.output());
    }

    @Test
    void mpirunByPmix() throws Exception {
        Result result = run(Map.of(), true, "checks", mpirun());
        Assumptions.assumeFalse(result.output().contains("by rendezvous"), "there is no libpmix.so.2");
        assertPassed(result, "PMIx (");
    }

    @Test
    void mpirunWithoutNativeAccessMeetsAtRankZeroAndPrintsNoWarning() throws Exception {
        assertPassed(run(Map.of(), false, "checks", mpirun()), "rendezvous at");
        try (Stream<Path> left = Files.list(directory.resolve("meet"))) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void pmixNamesALibraryThatIsNotThere() throws Exception {
        Result result = run(Map.of("ISTHMUS_WIREUP_METHOD", "pmix", "ISTHMUS_PMIX_LIBRARY", "/no/libpmix.so"), true,
                "checks", mpirun());
        assertTrue(result.output().contains("isthmus.pmix.library"), result.output());
        assertTrue(result.exitCode() != 0);
    }

    @Test
    void aRankThatDiesBeforeTheFenceHangsNobodyUnderMpirun() throws Exception {
        assertEquals(9, run(Map.of(), true, "die", mpirun()).exitCode());
    }

    @Test
    void hydraByInheritedSocketAndByPort() throws Exception {
        assertPassed(run(Map.of(), true, "checks", "mpiexec.hydra", "-n", "3"), "PMI-1");
        assertPassed(run(Map.of(), false, "checks", "mpiexec.hydra", "-pmi-port", "-n", "3"), "PMI-1");
        assertPassed(run(Map.of("PMI_JOBID", "0"), true, "checks", "mpiexec.hydra", "-n", "3"), "PMI-2");
    }

    @Test
    void aRankThatDiesBeforeTheFenceHangsNobodyUnderHydra() throws Exception {
        assertTrue(run(Map.of(), true, "die", "mpiexec.hydra", "-n", "3").exitCode() != 0);
    }
}
