package org.isthmus.comm.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs that meet, and jobs that start others, as real processes. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class DynamicTest {
    private static final int SECONDS = 100;

    @TempDir
    Path directory;

    private static ProgramJob start(int ranks, Map<String, String> settings, String... arguments) throws IOException {
        return ProgramJob.start(ranks, DynamicMain.class, List.of(arguments), settings);
    }

    private static void assertEndsWell(ProgramJob job) throws Exception {
        assertTrue(job.await(SECONDS), () -> report(job));
        for (int rank = 0; rank < job.ranks.size(); rank++) {
            assertEquals(0, job.exitCodes().get(rank), () -> report(job));
            assertTrue(job.output(rank).contains("finalized"), () -> report(job));
        }
        assertEquals(List.of(), job.leftInSharedMemory(), () -> report(job));
    }

    private static String report(ProgramJob job) {
        try {
            return job.report();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "1, 3", "3, 2"})
    void jobsThatMeetUseTheirIntercommunicatorAsAnyOther(int accepting, int connecting) throws Exception {
        String file = directory.resolve("port").toString();
        try (ProgramJob first = start(accepting, Map.of(), "accept", file);
                ProgramJob second = start(connecting, Map.of(), "connect", file)) {
            assertEndsWell(second);
            assertEndsWell(first);
        }
    }

    @Test
    void jobsFindEachOtherByName() throws Exception {
        Path memory = Files.createTempDirectory(Files.isDirectory(Path.of("/dev/shm")) ? Path.of("/dev/shm")
                : directory, "names");
        Map<String, String> settings = Map.of("ISTHMUS_SHM_DIR", memory.toString());
        try (ProgramJob second = start(1, settings, "look"); ProgramJob first = start(1, settings, "publish")) {
            assertEndsWell(second);
            assertEndsWell(first);
            try (var left = Files.list(memory)) {
                assertEquals(List.of(), left.toList());
            }
        } finally {
            Files.delete(memory);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, spawn", "3, spawn", "1, spawnMultiple", "2, spawnMultiple", "1, failingSpawns", "2, failingSpawns",
        "1, wrongPorts", "2, wrongPorts", "2, twoGroupsOfOneJob", "3, twoGroupsOfOneJob"})
    void programsOfOneJob(int ranks, String program) throws Exception {
        try (ProgramJob job = start(ranks, Map.of(), program, directory.toString())) {
            assertEndsWell(job);
        }
    }

    @ParameterizedTest
    @CsvSource({"halt, 1, is lost", "abort, 42, called abort(42)", "exception, 1, the child's own failure"})
    void theDeathOfAChildEndsItsParents(String how, int exitCode, String message) throws Exception {
        try (ProgramJob job = start(2, Map.of(), "deathOfAChild", how)) {
            assertTrue(job.await(SECONDS), () -> report(job));
            assertEquals(List.of(exitCode, exitCode), job.exitCodes(), () -> report(job));
            assertTrue(report(job).contains(message), () -> report(job));
        }
    }

    @Test
    void parentsThatWantToSurviveGetAnException() throws Exception {
        try (ProgramJob job = start(2, Map.of(), "deathOfAChild", "halt", "return")) {
            assertTrue(job.await(SECONDS), () -> report(job));
            assertEquals(List.of(77, 77), job.exitCodes(), () -> report(job));
        }
    }

    @Test
    void theDeathOfAParentEndsItsChildren() throws Exception {
        try (ProgramJob job = start(1, Map.of(), "deathOfAParent")) {
            job.awaitOutput("spawned");
            List<ProcessHandle> children = job.ranks.getFirst().children().toList();
            assertEquals(2, children.size(), () -> report(job));
            job.ranks.getFirst().destroyForcibly();
            for (ProcessHandle child : children) {
                child.onExit().get(SECONDS, TimeUnit.SECONDS);
            }
            assertTrue(job.output(0).contains("is lost"), () -> report(job));
        }
    }

    @Test
    void aChildThatWaitsForAParentThatHasLeftGetsAnError() throws Exception {
        try (ProgramJob job = start(1, Map.of(), "earlyParent")) {
            assertEndsWell(job);
            // The child writes to its parent's output, and may do so after the parent's end.
            while (!job.output(0).contains("late child is done")) {
                assertTrue(!job.output(0).contains("Error"), () -> report(job));
                Thread.sleep(10);
            }
        }
    }
}
