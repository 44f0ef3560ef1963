package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.testing.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples check their own results: each must end well, and say so in every line after its first. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class ExamplesTest {
    @TempDir
    Path shm;

    @ParameterizedTest
    @CsvSource({"derived-types, 1", "derived-types, 4", "one-sided-histogram, 1", "one-sided-histogram, 3",
        "parallel-file, 1", "parallel-file, 4", "hello, 3", "ring, 1", "ring, 4", "ping-pong, 2", "monte-carlo-pi, 3",
        "matrix-multiply, 1", "matrix-multiply, 6", "parallel-sort, 1", "parallel-sort, 4", "spawn, 1", "spawn, 2",
        "intercommunicator-pipeline, 1", "intercommunicator-pipeline, 5"})
    void verifiesItself(String example, int ranks) throws Exception {
        Command job = Command.run(Map.of("ISTHMUS_SHM_DIR", shm.toString()), Command.JAVA, "-jar",
                IsthmusJar.JAR.toString(), "run", "-n", Integer.toString(ranks), "examples/" + example);
        assertEquals("", job.errors());
        assertEquals(0, job.exitCode(), job.output());
        assertTrue(job.output().lines().findFirst().orElse("").contains(ranks + " ranks"), job.output());
        assertTrue(job.output().lines().count() > 1, job.output());
        assertTrue(job.output().lines().skip(1).allMatch(line -> line.endsWith("verified")), job.output());
    }

    @Test
    void othersFinishWhatADeadRankBegan() throws Exception {
        Command job = Command.run(Map.of("ISTHMUS_SHM_DIR", shm.toString()), Command.JAVA, "-jar",
                IsthmusJar.JAR.toString(), "run", "-n", "4", "--resilient", "examples/failure-recovery");
        assertEquals(0, job.exitCode(), job.output() + job.errors());
        assertTrue(job.errors().contains("rank 3 of 4 failed: exit code 1; the others go on"), job.errors());
        assertEquals(3, job.output().lines().count(), job.output());
        assertTrue(job.output().lines().skip(1).allMatch(line -> line.endsWith("verified")), job.output());
    }
}
