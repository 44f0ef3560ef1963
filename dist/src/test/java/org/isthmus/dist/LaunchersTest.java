package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.isthmus.node.config.SearchPath;
import org.isthmus.node.testing.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** isthmus.jar under every launcher that this machine has. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class LaunchersTest {
    private static final String EXAMPLE = "org.isthmus.examples.Allreduce";

    @TempDir
    Path shm;

    @Test
    void isthmusRun() throws Exception {
        Command job = Command.run(shmHere(), Command.JAVA, "-jar", IsthmusJar.JAR.toString(), "run", "-n", "4",
                "examples/allreduce", "--sizes", "1,1000,100000");
        assertVerified(job, 4);
    }

    @Test
    void haloChecksItself() throws Exception {
        Command job = Command.run(shmHere(), Command.JAVA, "-jar", IsthmusJar.JAR.toString(), "run", "-n", "6",
                "examples/halo", "50", "40", shm.resolve("plate.png").toString());
        assertEquals("", job.errors());
        assertEquals(0, job.exitCode(), job.output());
        BufferedImage plate = ImageIO.read(shm.resolve("plate.png").toFile());
        assertEquals(50, plate.getWidth());
        assertEquals(50, plate.getHeight());
        int top = plate.getRaster().getSample(25, 0, 0);
        assertTrue(top > 150 && top < 255, "the row below the warm rim has the shade " + top);
        assertEquals(0, plate.getRaster().getSample(25, 49, 0));
        assertTrue(job.output().contains("3 x 2 = 6 ranks") && job.output().contains("verified"), job.output());
    }

    @Test
    void mpirunWithoutAnyFlag() throws Exception {
        assumeTrue(SearchPath.find("mpirun").isPresent(), "Open MPI is not installed");
        Command job = Command.run(shmHere(), "mpirun", "--allow-run-as-root", "--oversubscribe", "-np", "4",
                Command.JAVA, "-cp", classPath(), EXAMPLE, "--sizes", "1,1000,100000");
        assertVerified(job, 4);
    }

    @Test
    void mpirunWithOurCommandLine() throws Exception {
        assumeTrue(SearchPath.find("mpirun").isPresent(), "Open MPI is not installed");
        Command line = Command.run(shmHere(), Command.JAVA, "-jar", IsthmusJar.JAR.toString(), "java", "-Xmx64m", "-cp",
                IsthmusJar.EXAMPLES.toString(), EXAMPLE, "--sizes", "1,1000,100000");
        assertEquals("", line.errors());
        assertTrue(line.output().contains("-XX:AOTCache=" + IsthmusJar.CACHE + " "), line.output());
        List<String> command = new ArrayList<>(List.of("mpirun", "--allow-run-as-root", "--oversubscribe", "-np", "4"));
        command.addAll(List.of(line.output().strip().split(" ")));
        assertVerified(Command.run(shmHere(), command.toArray(String[]::new)), 4);
    }

    @Test
    void plainJavaIsAJobOfOneRank() throws Exception {
        assertVerified(Command.run(shmHere(), Command.JAVA, "-cp", classPath(), EXAMPLE, "--sizes", "1,1000,100000"),
                1);
    }

    private Command children(String starting, String... launcher) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(List.of(Command.JAVA, "-cp", classPath() + ":" + System.getProperty("java.class.path"),
                ChildrenProgram.class.getName()));
        Command job = Command.run(Map.of("ISTHMUS_SHM_DIR", shm.toString(), "ISTHMUS_MUX_START", starting,
                "ISTHMUS_RENDEZVOUS_DIRECTORY", shm.toString()), command.toArray(String[]::new));
        assertEquals(0, job.exitCode(), job.errors());
        return job;
    }

    private static List<String> sorted(Command job) {
        return job.output().lines().filter(line -> line.startsWith("rank ")).sorted().toList();
    }

    @ParameterizedTest
    @CsvSource({"auto, 0", "always, 1"})
    void aJobOfOneNodeHasAMultiplexerOnlyWhenAsked(String starting, int multiplexers) throws Exception {
        List<String> expected = List.of("rank 0 left 0", "rank 0 of 2 has " + multiplexers, "rank 1 left 0",
                "rank 1 of 2 has 0");
        assertEquals(expected, sorted(children(starting, Command.JAVA, "-jar", IsthmusJar.JAR.toString(), "run", "-n",
                "2")));
        if (SearchPath.find("mpirun").isPresent()) {
            assertEquals(expected, sorted(children(starting, "mpirun", "--allow-run-as-root", "--oversubscribe",
                    "-np", "2")));
        }
    }

    @Test
    void aRankWithoutLauncherHasNoMultiplexer() throws Exception {
        assertEquals(List.of("rank 0 left 0", "rank 0 of 1 has 0"), sorted(children("always")));
    }

    @Test
    void aMultiplexerOnOneNodeAndSurvivalExcludeEachOther() throws Exception {
        Command job = Command.run(Map.of("ISTHMUS_SHM_DIR", shm.toString(), "ISTHMUS_MUX_START", "always",
                "ISTHMUS_RENDEZVOUS_DIRECTORY", shm.toString()), Command.JAVA, "-jar", IsthmusJar.JAR.toString(), "run",
                "--resilient", "-n", "2", "examples/allreduce", "--sizes", "1");
        assertTrue(job.exitCode() != 0);
        assertTrue(job.errors().contains("unset ISTHMUS_FAILURE or ISTHMUS_MUX_START"), job.errors());
    }

    @Test
    void halfAnEnvironmentIsAnErrorAndNotAJobOfOneRank() throws Exception {
        Command job = Command.run(Map.of("OMPI_COMM_WORLD_SIZE", "4"), Command.JAVA, "-cp", classPath(), EXAMPLE);
        assertEquals(1, job.exitCode());
        assertTrue(job.errors().contains("OMPI_COMM_WORLD_RANK"), job.errors());
        assertEquals("", job.output());
    }

    @Test
    void unknownSettingIsAnErrorThatNamesIt() throws Exception {
        Command job = Command.run(Map.of("ISTHMUS_RING_BYTE", "8k"), Command.JAVA, "-cp", classPath(), EXAMPLE);
        assertEquals(1, job.exitCode());
        assertTrue(job.errors().contains("ISTHMUS_RING_BYTE") && job.errors().contains("ISTHMUS_RING_BYTES"),
                job.errors());
    }

    /** No warning, no error, the right size, everything verified, nothing left behind. */
    private void assertVerified(Command job, int ranks) throws IOException {
        assertEquals("", job.errors());
        assertEquals(0, job.exitCode(), job.output());
        assertTrue(job.output().contains(ranks + " ranks"), job.output());
        assertEquals(3, job.output().lines().filter(line -> line.endsWith("verified")).count(), job.output());
        try (Stream<Path> left = Files.walk(shm)) {
            assertEquals(List.of(), left.filter(Files::isRegularFile).toList());
        }
    }

    private Map<String, String> shmHere() {
        return Map.of("ISTHMUS_SHM_DIR", shm.toString());
    }

    private static String classPath() {
        return IsthmusJar.JAR + ":" + IsthmusJar.EXAMPLES;
    }
}
