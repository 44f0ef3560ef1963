package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Large messages between two hosts, while something breaks. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SeveralHostsLargeTest {
    private static final int RANKS = 4;
    private static final int KILLED = 128 + 9;
    private static TestHosts hosts;

    @TempDir
    Path directory;

    private Path ids;
    private Process job;

    @BeforeAll
    static void up() throws Exception {
        hosts = new TestHosts("isl", 88);
    }

    @AfterAll
    static void down() throws Exception {
        if (hosts != null) {
            hosts.down();
        }
    }

    @AfterEach
    void end() throws Exception {
        job.descendants().forEach(ProcessHandle::destroyForcibly);
        job.destroyForcibly();
        job.waitFor();
    }

    /** Starts the program and waits until the first messages have passed. */
    private void start(int rounds) throws Exception {
        ids = Files.createDirectory(directory.resolve("ids"));
        ProcessBuilder builder = new ProcessBuilder(hosts.isthmusRun(RANKS / 2, "-cp", "target/test-classes",
                LargeProgram.class.getName(), ids.toString(), Integer.toString(rounds)));
        builder.environment().putAll(Map.of("ISTHMUS_TCPX_TIMEOUT_CONNECT", "20s", "ISTHMUS_TCPX_TIMEOUT_SILENCE", "1s"));
        job = builder.redirectOutput(directory.resolve("out").toFile()).redirectError(directory.resolve("err").toFile())
                .start();
        for (int rank = 0; rank < RANKS; rank++) {
            while (!Files.exists(ids.resolve(Integer.toString(rank)))) {
                assertTrue(job.isAlive(), () -> "ended early: " + said("err"));
                Thread.sleep(20);
            }
        }
    }

    private String said(String stream) {
        try {
            return Files.readString(directory.resolve(stream));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void networkCardsThatComeAndGoLoseNothing() throws Exception {
        start(150);
        for (int card = 0; card < TestHosts.CARDS; card++) {
            hosts.link(2, card, false);
            Thread.sleep(2500); // longer than the silence after which a connection is given up
            hosts.link(2, card, true);
            Thread.sleep(1500);
        }
        assertEquals(0, job.waitFor(), () -> said("err"));
        assertEquals("rounds 150", said("out").strip());
        assertEquals(List.of(), hosts.leftInSharedMemory());
    }

    @Test
    void aRankKilledInTheMiddleEndsTheJob() throws Exception {
        start(Integer.MAX_VALUE);
        ProcessHandle rank = ProcessHandle.of(Long.parseLong(Files.readString(ids.resolve("3")))).orElseThrow();
        rank.destroyForcibly();
        assertEquals(KILLED, job.waitFor(), () -> said("err"));
        assertTrue(said("err").contains("rank 3"), () -> said("err"));
        assertEquals(List.of(), hosts.leftInSharedMemory());
    }
}
