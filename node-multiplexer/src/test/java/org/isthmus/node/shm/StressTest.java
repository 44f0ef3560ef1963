package org.isthmus.node.shm;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the {@code *Stress} classes under jcstress, a short while each, and fails on any forbidden outcome. */
class StressTest {
    @TempDir
    private Path results;

    @Test
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void noForbiddenOutcome() throws IOException, InterruptedException {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "two actors need two cores");
        Process process = ChildJvm.builder("--enable-native-access=ALL-UNNAMED", "org.openjdk.jcstress.Main",
                "-m", "quick", "-f", "1", "-fsm", "1", "-iters", "2", "-time", "500", "-sc", "false", "-v",
                "-jvmArgs", "--enable-native-access=ALL-UNNAMED -Xmx256m -XX:+UseSerialGC",
                "-t", "org\\.isthmus\\.", "-r", results.resolve("report").toString())
                .directory(results.toFile()).start();
        try {
            String output = ChildJvm.outputOf(process);
            assertTrue(output.contains("Failed tests: No matches."), output);
            assertTrue(output.contains("Error tests: No matches."), output);
            assertTrue(output.contains("All remaining tests: " + generatedTests() + " matching"), output);
        } finally {
            process.destroyForcibly();
        }
    }

    /** How many tests the annotation processor found. */
    private static long generatedTests() throws IOException {
        try (InputStream list = StressTest.class.getResourceAsStream("/META-INF/TestList")) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().count();
        }
    }
}
