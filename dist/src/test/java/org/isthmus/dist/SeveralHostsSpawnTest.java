package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.testing.Command;
import org.isthmus.node.testing.TestHosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Processes spawned on the hosts of a job. */
@Timeout(value = 400, unit = TimeUnit.SECONDS)
class SeveralHostsSpawnTest {
    @RegisterExtension
    static final TestHosts HOSTS = new TestHosts("lap", 104);

    @TempDir
    Path directory;

    @Test
    void processesStartWhereTheyAreWanted() throws Exception {
        String first = HOSTS.hostName(1);
        String second = HOSTS.hostName(2);
        Command job = HOSTS.run(Map.of(), IsthmusJar.run(HOSTS, 2, "-cp", "target/test-classes",
                SpawnProgram.class.getName(), HOSTS.address(1, 0), second, directory.toString()));
        String said = job.output();
        assertEquals(0, job.exitCode(), job.errors() + said);
        assertSaid(said, "spread", String.join(" ", first, first, second, second));
        assertSaid(said, "other", second + " " + second);
        assertSaid(said, "slots", String.join(" ", first, second, second));
        assertSaid(said, "file", second + " " + second);
        assertSaid(said, "no room", "4 processes", "2 slots");
        assertSaid(said, "unknown", "elsewhere.invalid", first + ", " + second);
        assertSaid(said, "no program", "no-such-program", "on host " + second, "No such file");
        assertSaid(said, "no init", "\"false\"", "exit code 1", "MPI.Init");
        assertSaid(said, "again", first + " " + second);
    }

    private static void assertSaid(String said, String title, String... parts) {
        String line = said.lines().filter(text -> text.startsWith(title + ": ")).findFirst().orElse("");
        for (String part : parts) {
            assertTrue(line.contains(part), title + ": " + part + " is missing in: " + said);
        }
    }
}
