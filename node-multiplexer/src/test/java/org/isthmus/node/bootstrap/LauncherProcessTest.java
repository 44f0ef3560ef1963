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
            while (state(child.pid()) != 'Z') {
                assertTrue(child.isAlive());
                Thread.sleep(5);
            }
            assertTrue(watched.isAlive());
            child.destroyForcibly().waitFor();
            assertFalse(watched.isAlive());
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void aProcessThatWasNeverThereIsDead() {
        LauncherProcess nobody = LauncherProcess.of("nobody", Integer.MAX_VALUE);
        assertEquals(0, nobody.startTicks());
        assertFalse(nobody.isAlive());
    }
}
