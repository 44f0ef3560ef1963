package org.isthmus.comm.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that survive the loss of ranks, killed at many points: the others go on to the end, and nothing is left. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class RecoveryTest {
    private static final Map<String, String> SURVIVE = Map.of("ISTHMUS_FAILURE", "survive");
    private static final int SECONDS = 120;
    private static final int KILLED = 128 + 9;

    private static String report(ProgramJob job) {
        try {
            return job.report();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @ParameterizedTest
    @CsvSource({"allReduce, 1, 1", "allReduce, 2, 3", "allReduce, 4, 2", "largeAllReduce, 2, 2", "largeAllReduce, 5, 1",
        "messages, 3, 1", "messages, 5, 3", "largeMessages, 2, 2", "largeMessages, 4, 1", "anySource, 1, 2",
        "nonBlocking, 6, 1", "nonBlocking, 2, 3", "communicators, 7, 2", "probe, 3, 2"})
    void survivorsGoOn(String what, long seed, int deaths) throws Exception {
        int ranks = 4;
        try (ProgramJob job = ProgramJob.start(ranks, RecoveryMain.class,
                List.of(what, Long.toString(seed), Integer.toString(deaths)), SURVIVE)) {
            assertTrue(job.await(SECONDS), () -> report(job));
            assertEquals(List.of(), job.leftInSharedMemory(), () -> report(job));
            int killed = 0;
            for (int rank = 0; rank < ranks; rank++) {
                if (job.exitCodes().get(rank) == KILLED) {
                    killed++;
                } else {
                    assertEquals(0, job.exitCodes().get(rank), () -> report(job));
                    assertTrue(job.output(rank).contains("finalized"), () -> report(job));
                    assertFalse(job.output(rank).contains("recovered 0 times"), () -> report(job));
                }
            }
            assertEquals(deaths, killed, () -> report(job));
        }
    }

    @ParameterizedTest
    @CsvSource({"halt, 9", "exception, 1", "exit, 3"})
    void everyCallAfterALoss(String how, int exitCode) throws Exception {
        try (ProgramJob job = ProgramJob.start(3, ResilienceMain.class, List.of(how), SURVIVE)) {
            assertTrue(job.await(SECONDS), () -> report(job));
            assertEquals(List.of(0, 0, exitCode), job.exitCodes(), () -> report(job));
            assertTrue(job.output(0).contains("finalized") && job.output(1).contains("finalized"), () -> report(job));
            assertEquals(List.of(), job.leftInSharedMemory(), () -> report(job));
        }
    }

    /** A rank dies while it tells another one, at first contact, where its ring is. */
    @ParameterizedTest
    @ValueSource(strings = {"CLAIM_AFTER_CELL", "CLAIM_AFTER_TAIL", "PUBLISH_AFTER_HEADER", "PUBLISH_AFTER_STATE"})
    void aDeathAtFirstContactDoesNotShutOutTheOthers(String point) throws Exception {
        List<String> options = new ArrayList<>(RankClasses.options());
        options.addAll(List.of("-Dorg.isthmus.killpoints=true", "-Disthmus.failure=survive"));
        try (ProgramJob job = ProgramJob.start(4, List.of(), options, FirstContactMain.class, List.of(point))) {
            assertTrue(job.await(SECONDS), () -> report(job));
            assertEquals(List.of(0, 9, 0, 0), job.exitCodes(), () -> report(job));
            assertEquals(List.of(), job.leftInSharedMemory(), () -> report(job));
        }
    }

    @Test
    void abortEndsTheJobAllTheSame() throws Exception {
        try (ProgramJob job = ProgramJob.start(3, ResilienceMain.class, List.of("abort"), SURVIVE)) {
            assertTrue(job.await(SECONDS), () -> report(job));
            assertEquals(42, job.exitCodes().get(2), () -> report(job));
            for (int rank = 0; rank < 2; rank++) {
                assertTrue(job.exitCodes().get(rank) != 0, () -> report(job));
                assertFalse(job.output(rank).contains("finalized"), () -> report(job));
            }
        }
    }
}
