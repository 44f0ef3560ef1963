package org.isthmus.node.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.node.config.SearchPath;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ranks started by Open MPI's mpirun, where that is installed. */
@Timeout(120)
class MpirunTest {
    private static final int RANKS = 3;

    @TempDir
    Path directory;

    @BeforeEach
    void needsMpirun() {
        Assumptions.assumeTrue(SearchPath.find("mpirun").isPresent(), "mpirun is not installed");
    }

    /** Process 0 of the job is mpirun itself, with the output of all ranks. */
    private ChildJob start(String action) throws Exception {
        ChildJob job = new ChildJob(directory, RANKS);
        ProcessBuilder rank = job.command(0, job.key, action);
        List<String> command = new ArrayList<>(List.of("mpirun", "--allow-run-as-root", "--oversubscribe", "-np",
                Integer.toString(RANKS)));
        command.addAll(rank.command());
        ProcessBuilder mpirun = new ProcessBuilder(command);
        mpirun.environment().put("ISTHMUS_SHM_DIR", job.sharedMemory.toString());
        job.start(mpirun);
        return job;
    }

    private static void awaitJoined(ChildJob job) throws Exception {
        for (int rank = 0; rank < RANKS; rank++) {
            job.awaitOutput(0, "joined " + rank + " of " + RANKS);
        }
    }

    @Test
    void ranksOfMpirunMakeOneJob() throws Exception {
        try (ChildJob job = start("wait")) {
            awaitJoined(job);
            assertEquals(List.of(), job.leftInSharedMemory());
            job.poke(0);
            assertEquals(0, job.exitCode(0), job.output(0));
        }
    }

    @Test
    void killedMpirunEndsItsRanks() throws Exception {
        try (ChildJob job = start("stay")) {
            awaitJoined(job);
            List<ProcessHandle> ranks = job.ranks.get(0).descendants().toList();
            assertTrue(ranks.size() >= RANKS);
            job.ranks.get(0).destroyForcibly();
            while (ranks.stream().anyMatch(ProcessHandle::isAlive)) {
                Thread.sleep(10);
            }
            assertEquals(List.of(), job.leftInSharedMemory());
        }
    }
}
