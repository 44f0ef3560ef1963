package org.isthmus.launch;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingsBenchTest {
    @TempDir
    private Path empty;

    @Test
    void saysWhatToBuild() {
        refuses("jmh.classpath in it; run ./mvnw -q process-test-classes -pl benchmarks -am", "--benchmarks",
                empty.toString());
    }

    @Test
    void refusesBadOptions() {
        refuses("a whole number from 1 to 256", "--depth", "1,257");
        refuses("multiples of 8", "--bytes", "8,20");
        refuses("threads, processes or both", "--between", "hosts");
        refuses("a power of two", "--ring-bytes", "65600");
        refuses("bench rings takes no argument, got x", "x");
    }

    private static void refuses(String message, String... arguments) {
        UsageException refused = assertThrows(UsageException.class, () -> RingsBench.run(List.of(arguments)));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }
}
