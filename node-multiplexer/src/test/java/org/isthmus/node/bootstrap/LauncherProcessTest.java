package org.isthmus.node.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.config.SearchPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LauncherProcessTest {
    /** Ends the first thread alone, by the system call exit of x86-64 or of the others. */
    private static final String FIRST_THREAD_ENDS = """
            import ctypes, platform, threading, time
            threading.Thread(target=lambda: time.sleep(1000)).start()
            ctypes.CDLL(None).syscall(60 if platform.machine() == 'x86_64' else 93, 0)
            """;

    private static char state(long pid) throws Exception {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    /** Proof of death is that no thread can store any more. */
    @Test
    void aProcessWhoseFirstThreadHasEndedLives() throws Exception {
        assumeTrue(SearchPath.find("python3").isPresent(), "python3 is not installed");
        Process child = new ProcessBuilder("python3", "-c", FIRST_THREAD_ENDS).inheritIO().start();
        try {
            LauncherProcess watched = LauncherProcess.of("child", child.pid());
            LivenessProbe probe = new LivenessProbe(watched);
            while (state(child.pid()) != 'Z') {
                assertTrue(child.isAlive());
                Thread.sleep(5);
            }
            assertTrue(watched.isAlive());
            assertTrue(probe.isAlive());
            child.destroyForcibly().waitFor();
            assertFalse(watched.isAlive());
            assertFalse(probe.isAlive());
            assertFalse(new LivenessProbe(watched).isAlive());
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void aRunningProcessIsAliveAtEachLook() throws Exception {
        try (LivenessProbe probe = new LivenessProbe(LauncherProcess.of("self", LauncherProcess.currentPid()))) {
            for (int i = 0; i < 3; i++) {
                assertTrue(probe.isAlive());
            }
        }
    }

    /** As after a pid has been given out again. */
    @Test
    void aProcessOfAnotherStartTimeIsDead() throws Exception {
        assertFalse(new LivenessProbe(new LauncherProcess("self", LauncherProcess.currentPid(), 1)).isAlive());
    }

    @Test
    void aProcessThatWasNeverThereIsDead() throws Exception {
        LauncherProcess nobody = LauncherProcess.of("nobody", Integer.MAX_VALUE);
        assertEquals(0, nobody.startTicks());
        assertFalse(nobody.isAlive());
        assertFalse(new LivenessProbe(nobody).isAlive());
    }
}
