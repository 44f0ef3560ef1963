package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
    @CsvSource({"derived-types, 1", "derived-types, 4", "spawn, 1", "spawn, 2", "intercommunicator-pipeline, 1",
        "intercommunicator-pipeline, 5"})
    void verifiesItself(String example, int ranks) throws Exception {
        Command job = Command.run(Map.of("ISTHMUS_SHM_DIR", shm.toString()), Command.JAVA, "-jar",
                Command.JAR.toString(), "run", "-n", Integer.toString(ranks), "examples/" + example);
        assertEquals("", job.errors());
        assertEquals(0, job.exitCode(), job.output());
        assertTrue(job.output().lines().findFirst().orElse("").contains(ranks + " ranks"), job.output());
        assertTrue(job.output().lines().count() > 1, job.output());
        assertTrue(job.output().lines().skip(1).allMatch(line -> line.endsWith("verified")), job.output());
    }
}
