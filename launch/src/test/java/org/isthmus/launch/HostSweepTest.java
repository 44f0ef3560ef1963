package org.isthmus.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import org.isthmus.node.config.LauncherVariables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostSweepTest {
    private static Process sleeper(String key) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sleep", "1000");
        builder.environment().put(LauncherVariables.JOB, key);
        return builder.start();
    }

    private static int sweep(String input) throws Exception {
        return sweep(input, 0);
    }

    private static int sweep(String input, long delayMillis) throws Exception {
        Process sweep = new ProcessBuilder(CommandProcess.java(), "-cp", System.getProperty("java.class.path"),
                HostSweep.class.getName()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (OutputStream stream = sweep.getOutputStream()) {
            Thread.sleep(delayMillis);
            stream.write(input.getBytes());
        }
        return sweep.waitFor();
    }

    @Test
    void endsTheProcessesOfItsJobAndNoOther() throws Exception {
        Instant start = Instant.now();
        String key = RankStarter.newJobKey();
        Process own = sleeper(key);
        Process other = sleeper(RankStarter.newJobKey());
        try {
            while (HostSweep.find(key, start).isEmpty()) {
                Thread.sleep(10); // the child has not replaced its program yet
            }
            assertEquals(List.of(), HostSweep.find(key, Instant.now().plusSeconds(120)));
            assertEquals(0, sweep(key + " 60000"));
            assertEquals(137, own.waitFor());
            assertTrue(other.isAlive());
        } finally {
            own.destroyForcibly();
            other.destroyForcibly();
        }
    }

    @Test
    void anOrderThatComesLateStillEndsWhatBeganWithTheJob() throws Exception {
        String key = RankStarter.newJobKey();
        Process own = sleeper(key);
        try {
            Thread.sleep(3000);
            assertEquals(0, sweep(key + " 0", 3000));
            assertEquals(137, own.waitFor());
        } finally {
            own.destroyForcibly();
        }
    }

    @Test
    void whatIsNoKeyIsRefused() throws Exception {
        for (String input : List.of("", "x 1", "0".repeat(32), "0".repeat(31) + " 1", "0".repeat(32) + " -1")) {
            assertEquals(2, sweep(input));
        }
    }
}
