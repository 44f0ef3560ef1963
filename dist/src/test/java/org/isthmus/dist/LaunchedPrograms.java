package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.isthmus.node.testing.Command;

/** What a launcher must be able to run on two hosts with two ranks each. */
final class LaunchedPrograms {
    private static final String CLASSES = Path.of("target", "test-classes").toAbsolutePath().toString();

    /**
     * What a rank's JVM is given where its launcher is not ours and flags are wanted: as {@code isthmus run} gives
     * them.
     */
    static final String[] FLAGS =
            {"--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:AOTCache=" + IsthmusJar.CACHE};

    /** Starts the words of a rank four times, on two hosts, and returns when the job has ended. */
    interface Launcher {
        Command run(List<String> rank) throws Exception;
    }

    private LaunchedPrograms() {}

    /**
     * A reduction over all ranks and messages between every two of them, each checking what it gets.
     *
     * @param flags of the JVM
     */
    static void assertRunWell(Launcher launcher, String... flags) throws Exception {
        assertReduced(launcher.run(java(flags, "org.isthmus.examples.Allreduce", "--sizes", "1,1000,100000",
                "--iterations", "20")));
        Command job = launcher.run(java(flags, SoakProgram.class.getName(), "5000"));
        SoakProgram.Report report = SoakProgram.Report.of(job);
        assertEquals(2, report.hosts(), job.output());
        assertTrue(report.messages() > 4000, job.output());
    }

    static void assertReduced(Command job) {
        assertEquals(0, job.exitCode(), job.errors() + job.output());
        assertTrue(job.output().contains("4 ranks"), job.output());
        assertEquals(3, job.output().lines().filter(line -> line.endsWith("verified")).count(), job.output());
    }

    private static List<String> java(String[] flags, String... program) {
        List<String> words = new ArrayList<>(List.of(Command.JAVA));
        words.addAll(Arrays.asList(flags));
        words.addAll(List.of("-cp",
                String.join(":", IsthmusJar.JAR.toString(), IsthmusJar.EXAMPLES.toString(), CLASSES)));
        words.addAll(Arrays.asList(program));
        return words;
    }
}
