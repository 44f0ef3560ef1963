package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.testing.TestHosts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Something fails in a job over two hosts: all its processes end, the cause is said, and nothing is left anywhere. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SeveralHostsFaultTest {
    private static final int RANKS = 4;
    private static final int KILLED = 128 + 9;

    @RegisterExtension
    static final TestHosts HOSTS = new TestHosts("isf", 84);

    @TempDir
    Path directory;

    private RunningJob job;
    private final List<ProcessHandle> multiplexers = new ArrayList<>();

    private void start() throws Exception {
        start("60s"); // on a busy machine both nodes may be slow
    }

    private void start(String connectTimeout) throws Exception {
        job = RunningJob.start(HOSTS, directory, 2, Map.of("ISTHMUS_TCPX_TIMEOUT_CONNECT", connectTimeout,
                "ISTHMUS_TCPX_TIMEOUT_SILENCE", "2s"), RepeatProgram.class);
        for (int first = 0; first < RANKS; first += 2) {
            multiplexers.addAll(job.rank(first).children().toList());
        }
        assertEquals(2, multiplexers.size());
    }

    @AfterEach
    void end() {
        if (job != null) {
            job.close();
        }
    }

    /** Until all processes of the job have ended. */
    private void awaitEnd() throws Exception {
        for (List<ProcessHandle> processes : List.of(job.ranks(), multiplexers)) {
            for (ProcessHandle process : processes) {
                process.onExit().join();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aKilledRankEndsTheJobOnBothHosts(int rank) throws Exception {
        start();
        job.rank(rank).destroyForcibly();
        assertEquals(KILLED, job.exitCode(), job::errors);
        assertTrue(job.errors().contains("rank " + rank), job::errors);
        awaitEnd();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aKilledMultiplexerEndsTheJobOnBothHosts(int node) throws Exception {
        start();
        multiplexers.get(node).destroyForcibly();
        assertNotEquals(0, job.exitCode(), job::errors);
        assertTrue(job.errors().contains("multiplexer") || job.errors().contains("node " + node + " was lost"),
                job::errors);
        awaitEnd();
    }

    @Test
    void aHostThatDiesEndsTheJobOnTheOther() throws Exception {
        start();
        ProcessHandle agent = job.rank(2).parent().orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(List.of(agent)); // the first to go: it must not report the others
        agent.descendants().forEach(all::add);
        all.forEach(ProcessHandle::destroyForcibly);
        assertEquals(1, job.exitCode(), job::errors);
        assertTrue(job.errors().contains("host " + HOSTS.address(2, 0) + " was lost"), job::errors);
        awaitEnd();
    }

    @Test
    void aLostNetworkEndsTheJobOnBothHosts() throws Exception {
        start("5s");
        for (int card = 0; card < TestHosts.CARDS; card++) {
            HOSTS.link(2, card, false);
        }
        try {
            assertNotEquals(0, job.exitCode(), job::errors);
            assertTrue(job.errors().contains("was lost: node "), job::errors);
            assertTrue(job.errors().contains("/" + HOSTS.address(2, 0) + ":")
                    || job.errors().contains("/" + HOSTS.address(1, 0) + ":"), job::errors);
        } finally {
            for (int card = 0; card < TestHosts.CARDS; card++) {
                HOSTS.link(2, card, true);
            }
        }
        awaitEnd();
    }

    @Test
    void oneNetworkCardLessIsNoFailure() throws Exception {
        start();
        HOSTS.link(2, 1, false);
        try {
            Thread.sleep(5000); // longer than the silence after which a connection is given up
            assertTrue(job.isAlive(), job::errors);
        } finally {
            HOSTS.link(2, 1, true);
        }
        job.rank(3).destroyForcibly();
        assertEquals(KILLED, job.exitCode(), job::errors);
        awaitEnd();
    }
}
