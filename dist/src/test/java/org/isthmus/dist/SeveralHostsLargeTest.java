package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.testing.TestHosts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Large messages between two hosts, while something breaks. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SeveralHostsLargeTest {
    private static final int KILLED = 128 + 9;
    @RegisterExtension
    static final TestHosts HOSTS = new TestHosts("isl", 88);

    @TempDir
    Path directory;

    private RunningJob job;

    @AfterEach
    void end() {
        if (job != null) {
            job.close();
        }
    }

    private void start() throws Exception {
        job = RunningJob.start(HOSTS, directory, 2, Map.of("ISTHMUS_TCPX_TIMEOUT_CONNECT", "20s",
                "ISTHMUS_TCPX_TIMEOUT_SILENCE", "1s"), LargeProgram.class, enough().toString());
    }

    /** The job ends once this is there. */
    private Path enough() {
        return directory.resolve("enough");
    }

    @Test
    void networkCardsThatComeAndGoLoseNothing() throws Exception {
        start();
        for (int card = 0; card < TestHosts.CARDS; card++) {
            HOSTS.link(2, card, false);
            Thread.sleep(2500); // longer than the silence after which a connection is given up
            HOSTS.link(2, card, true);
            Thread.sleep(1500);
        }
        assertTrue(job.isAlive(), job::errors);
        Files.createFile(enough());
        assertEquals(0, job.exitCode(), job::errors);
        assertTrue(job.output().matches("rounds [0-9]+\\n"), job::output);
    }

    @Test
    void aRankKilledInTheMiddleEndsTheJob() throws Exception {
        start();
        job.rank(3).destroyForcibly();
        assertEquals(KILLED, job.exitCode(), job::errors);
        assertTrue(job.errors().contains("rank 3"), job::errors);
    }
}
