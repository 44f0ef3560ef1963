package org.isthmus.comm.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks that fail: the others end or get an error, whatever they do; nothing hangs and nothing is left behind. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FaultTest {
    private static final int RANKS = 3;
    private static final int LAST = RANKS - 1;
    private static final int SECONDS = 60;
    private static final int KILLED = 128 + 9;
    private static final int SURVIVED = 77;

    private static ProgramJob start(String... arguments) throws Exception {
        return ProgramJob.start(RANKS, FaultMain.class, List.of(arguments));
    }

    private static void awaitEnd(ProgramJob job) throws Exception {
        assertTrue(job.await(SECONDS), () -> report(job));
        assertEquals(List.of(), job.leftInSharedMemory(), () -> report(job));
    }

    private static String report(ProgramJob job) {
        try {
            return job.report();
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"recv", "recvAny", "probe", "ssend", "largeSend", "flood", "barrier", "bcast", "reduce",
        "allReduce", "largeAllReduce", "allToAll", "iBarrier", "waitAny", "test", "iProbe", "dup", "split", "finalize",
        "compute", "winLock", "winFlush", "winFence", "winStart"})
    void aKilledRankEndsTheOthers(String where) throws Exception {
        try (ProgramJob job = start("fatal", "killed", where)) {
            job.awaitOutput("ready");
            job.ranks.get(LAST).destroyForcibly();
            awaitEnd(job);
            assertEquals(KILLED, job.exitCodes().get(LAST));
            for (int rank = 0; rank < LAST; rank++) {
                assertNotEquals(0, job.exitCodes().get(rank), () -> report(job));
                assertFalse(job.output(rank).contains("finalized"), () -> report(job));
            }
            assertTrue(report(job).contains("rank " + LAST), () -> report(job));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"recv", "recvAny", "probe", "ssend", "largeSend", "flood", "barrier", "bcast", "reduce",
        "allReduce", "largeAllReduce", "allToAll", "iBarrier", "waitAny", "test", "iProbe", "dup", "split",
        "winLock", "winFlush", "winFence", "winStart"})
    void survivorsOfAKilledRankGetAnException(String where) throws Exception {
        try (ProgramJob job = start("return", "killed", where)) {
            job.awaitOutput("ready");
            job.ranks.get(LAST).destroyForcibly();
            awaitEnd(job);
            for (int rank = 0; rank < LAST; rank++) {
                String output = job.output(rank);
                assertEquals(SURVIVED, job.exitCodes().get(rank), () -> report(job));
                assertTrue(output.contains("survivor got") && output.contains("rank " + LAST), () -> report(job));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"recv", "barrier", "largeAllReduce", "test"})
    void allThreadsOfASurvivorGetAnException(String where) throws Exception {
        try (ProgramJob job = start("threads", "killed", where)) {
            job.awaitOutput(LAST, "ready");
            for (int rank = 0; rank < LAST; rank++) {
                job.awaitOutput(rank, "waiting");
            }
            job.ranks.get(LAST).destroyForcibly();
            awaitEnd(job);
            for (int rank = 0; rank < LAST; rank++) {
                assertEquals(SURVIVED, job.exitCodes().get(rank), () -> report(job));
                assertEquals(4, job.output(rank).split("rank " + LAST + " failed", -1).length - 1, () -> report(job));
            }
        }
    }

    /** The failing rank's exit code is the job's, its message is there, and the others end with an error as well. */
    @ParameterizedTest
    @CsvSource({"exception, 1, the program's own failure & FaultMain.fail",
        "threadException, 1, the thread's own failure", "exit, 3, left without MPI.Finalize",
        "exitZero, 0, left without MPI.Finalize", "return, 1, left without MPI.Finalize", "abort, 42, called abort(42)",
        "abortOnSelf, 43, called abort(43)", "halt, 5, ''", "badRank, 6, dest is 1000", "callErrhandler, 16, ERR_OTHER",
        "truncate, 15, ERR_TRUNCATE"})
    void aFailureEndsTheJob(String how, int exitCode, String message) throws Exception {
        for (String where : List.of("recv", "allReduce", "finalize")) {
            try (ProgramJob job = start("fatal", how, where)) {
                awaitEnd(job);
                assertEquals(exitCode, job.exitCodes().get(LAST), () -> report(job));
                for (String part : message.split(" & ")) {
                    assertTrue(job.output(LAST).contains(part), () -> report(job));
                }
                for (int rank = 0; rank < LAST; rank++) {
                    assertNotEquals(0, job.exitCodes().get(rank), () -> report(job));
                    assertFalse(job.output(rank).contains("finalized"), () -> report(job));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"return", "exit"})
    void aJobThatAllRanksLeaveTooEarlyFails(String end) throws Exception {
        try (ProgramJob job = ProgramJob.start(RANKS, LeaveMain.class, List.of(end), Map.of())) {
            awaitEnd(job);
            assertTrue(job.exitCodes().stream().anyMatch(code -> code == 1), () -> report(job));
            assertTrue(job.report().contains("left without MPI.Finalize"), () -> report(job));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"return", "exit"})
    void aShutdownHookMayFinalize(String end) throws Exception {
        try (ProgramJob job = start("fatal", "hook", end)) {
            awaitEnd(job);
            for (int rank = 0; rank < RANKS; rank++) {
                assertEquals(0, job.exitCodes().get(rank), () -> report(job));
                assertTrue(job.output(rank).contains("finalized"), () -> report(job));
            }
        }
    }

    @Test
    void callsOutsideTheSession() throws Exception {
        try (ProgramJob job = start("fatal", "beforeInit", "nothing")) {
            awaitEnd(job);
            for (int rank = 0; rank < RANKS; rank++) {
                assertEquals(0, job.exitCodes().get(rank), () -> report(job));
                for (String text : List.of("initialized: false, version 3", "before: MPI is not initialized.",
                        "buffer of 3", "finalized", "after: MPI is finalized.")) {
                    assertTrue(job.output(rank).contains(text), () -> text + "\n" + report(job));
                }
            }
        }
    }
}
