package org.isthmus.node.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.BitSet;
import java.util.List;
import org.isthmus.node.config.LauncherVariables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of real processes: wire-up, departure, and death at every point. */
@Timeout(120)
class SessionTest {
    @TempDir
    Path directory;

    @Test
    void allRanksShareOneSegmentThatHasNoName() throws Exception {
        try (ChildJob job = new ChildJob(directory, 3).startAll("read")) {
            job.awaitAllJoined();
            assertEquals(List.of(), job.leftInSharedMemory());
            for (int rank = 0; rank < 3; rank++) {
                job.poke(rank);
                assertEquals(0, job.exitCode(rank), job.output(rank));
                assertTrue(job.output(rank).contains("segment: written by rank 0"), job.output(rank));
            }
        }
    }

    @Test
    void aJobOfOneRankLeavesNothing() throws Exception {
        try (ChildJob job = new ChildJob(directory, 1).startAll("wait")) {
            job.awaitAllJoined();
            assertEquals(List.of(), job.leftInSharedMemory());
            job.poke(0);
            assertEquals(0, job.exitCode(0));
        }
    }

    @Test
    void ranksBoundToOneProcessorEachCountThemTogether() throws Exception {
        int[] allowed = ProcessorSet.ofThisProcess().numbers().stream().limit(2).toArray();
        assumeTrue(allowed.length == 2, "one processor only");
        try (ChildJob job = new ChildJob(directory, 2)) {
            for (int rank = 0; rank < 2; rank++) {
                ProcessBuilder bound = job.command(rank, job.key, "wait");
                bound.command().addAll(0, List.of("taskset", "--cpu-list", Integer.toString(allowed[rank])));
                job.start(bound);
            }
            for (int rank = 0; rank < 2; rank++) {
                job.awaitOutput(rank, "joined " + rank + " of 2 on 2 processors");
                job.poke(rank);
                assertEquals(0, job.exitCode(rank), job.output(rank));
            }
        }
    }

    @Test
    void killedRankIsToldToAllOthers() throws Exception {
        try (ChildJob job = new ChildJob(directory, 3).startAll("wait")) {
            job.awaitAllJoined();
            job.ranks.get(1).destroyForcibly();
            for (int survivor : new int[] {0, 2}) {
                assertEquals(ChildRank.EXIT_ON_FAILURE, job.exitCode(survivor));
                assertTrue(job.output(survivor).contains("failure of 1 code 1: rank 1 (pid "), job.output(survivor));
            }
        }
    }

    @Test
    void killedRankZeroIsToldToAllOthers() throws Exception {
        try (ChildJob job = new ChildJob(directory, 3).startAll("wait")) {
            job.awaitAllJoined();
            job.ranks.get(0).destroyForcibly();
            for (int survivor : new int[] {1, 2}) {
                assertEquals(ChildRank.EXIT_ON_FAILURE, job.exitCode(survivor));
                assertTrue(job.output(survivor).contains("failure of 0 code 1: rank 0 ended"), job.output(survivor));
            }
            assertEquals(List.of(), job.leftInSharedMemory());
        }
    }

    @Test
    void exitWithoutLeavingIsAFailure() throws Exception {
        try (ChildJob job = new ChildJob(directory, 2)) {
            job.start(0, "wait");
            job.start(1, "exit");
            job.awaitAllJoined();
            job.poke(1);
            assertEquals(ChildRank.EXIT_ON_FAILURE, job.exitCode(0));
            assertTrue(job.output(0).contains("left without MPI.Finalize"), job.output(0));
        }
    }

    @Test
    void reportedFailureArrivesWithItsTextAndCode() throws Exception {
        for (int reporter : new int[] {0, 2}) {
            try (ChildJob job = new ChildJob(Files.createDirectory(directory.resolve("r" + reporter)), 3)) {
                for (int rank = 0; rank < 3; rank++) {
                    job.start(rank, rank == reporter ? "report" : "wait");
                }
                job.awaitAllJoined();
                job.poke(reporter);
                for (int rank = 0; rank < 3; rank++) {
                    if (rank != reporter) {
                        assertEquals(ChildRank.EXIT_ON_FAILURE, job.exitCode(rank));
                        assertTrue(job.output(rank).contains("failure of " + reporter + " code 7: the stack trace of "
                                + "rank " + reporter), job.output(rank));
                    }
                }
            }
        }
    }

    @Test
    void orderlyLeaveInAnyOrderIsNoFailure() throws Exception {
        for (int first : new int[] {0, 1}) {
            try (ChildJob job = new ChildJob(Files.createDirectory(directory.resolve("f" + first)), 2)) {
                job.startAll("wait").awaitAllJoined();
                job.poke(first);
                assertEquals(0, job.exitCode(first));
                job.poke(1 - first);
                assertEquals(0, job.exitCode(1 - first), job.output(1 - first));
            }
        }
    }

    @Test
    void missingRankIsNamed() throws Exception {
        try (ChildJob job = new ChildJob(directory, 3)) {
            job.start(2, "wait");
            job.awaitOutput(0, "starts"); // so that it looks for rank 0 when that one's time begins
            ProcessBuilder centre = job.command(0, job.key, "wait");
            centre.environment().put("ISTHMUS_WIREUP_TIMEOUT", "3s");
            job.start(centre);
            for (int i = 0; i < 2; i++) {
                assertEquals(ChildRank.EXIT_ON_FAILURE, job.exitCode(i));
                assertTrue(job.output(i).contains("local ranks 1 did not come"), job.output(i));
            }
            assertEquals(List.of(), job.leftInSharedMemory());
        }
    }

    @Test
    void missingRankZeroIsNamed() throws Exception {
        try (ChildJob job = new ChildJob(directory, 2)) {
            ProcessBuilder builder = job.command(1, job.key, "wait");
            builder.environment().put("ISTHMUS_WIREUP_TIMEOUT", "500ms");
            job.start(builder);
            assertEquals(ChildRank.EXIT_ON_FAILURE, job.exitCode(0));
            assertTrue(job.output(0).contains("found no local rank 0"), job.output(0));
        }
    }

    @Test
    void aRankOfAnotherJobDoesNotMeetThisOne() throws Exception {
        try (ChildJob job = new ChildJob(directory, 2)) {
            job.start(0, "wait");
            ProcessBuilder stranger = job.command(1, "another key", "wait");
            stranger.environment().put("ISTHMUS_WIREUP_TIMEOUT", "500ms");
            job.start(stranger);
            assertEquals(ChildRank.EXIT_ON_FAILURE, job.exitCode(1));
            assertFalse(job.output(0).contains("joined"), job.output(0));
            job.start(1, "wait");
            job.awaitOutput(0, "joined 0 of 2");
        }
    }

    @Test
    void aSecondProcessOfTheSameRankIsRefused() throws Exception {
        try (ChildJob job = new ChildJob(directory, 3)) {
            job.start(0, "wait");
            job.start(1, "wait");
            job.start(1, "wait");
            while (job.ranks.get(1).isAlive() && job.ranks.get(2).isAlive()) {
                Thread.sleep(10);
            }
            int refused = job.ranks.get(1).isAlive() ? 2 : 1;
            assertTrue(job.output(refused).contains("both say that they are rank 1"), job.output(refused));
        }
    }

    @Test
    void garbageAndSilenceOnTheSocketHoldUpNobody() throws Exception {
        try (ChildJob job = new ChildJob(directory, 2)) {
            job.start(0, "wait");
            awaitSocket(job);
            try (SocketChannel silent = connect(job); SocketChannel oneByte = connect(job);
                    SocketChannel garbage = connect(job); SocketChannel otherJob = connect(job)) {
                assertTrue(silent.isConnected());
                oneByte.write(ByteBuffer.wrap(new byte[] {0}));
                garbage.write(ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: nobody\r\n\r\n".getBytes()));
                assertEquals(-1, garbage.read(ByteBuffer.allocate(1)));
                otherJob.write(new ControlMessage.Hello(ControlMessage.MAGIC, ControlMessage.VERSION,
                        JobDirectory.hash("another job"), 1, 1, 2, 1, new ProcessorSet(new BitSet())).encode());
                ByteBuffer answer = ByteBuffer.allocate(200);
                while (otherJob.read(answer) >= 0) {
                    // until the hub closes
                }
                assertTrue(new String(answer.array(), 0, answer.position()).contains("it belongs to another job"));
                job.start(1, "wait");
                job.awaitAllJoined();
            }
        }
    }

    @Test
    void whatAKilledWireUpLeftIsRemovedByTheNextJob() throws Exception {
        try (ChildJob dead = new ChildJob(directory, 2); ChildJob next = new ChildJob(directory, 2)) {
            dead.start(0, "wait");
            awaitSocket(dead);
            dead.ranks.get(0).destroyForcibly().waitFor();
            assertFalse(dead.leftInSharedMemory().isEmpty());
            next.startAll("wait").awaitAllJoined();
            assertEquals(List.of(), next.leftInSharedMemory());
        }
    }

    @Test
    void theJanitorLeavesALivingWireUpAlone() throws Exception {
        try (ChildJob slow = new ChildJob(directory, 2); ChildJob quick = new ChildJob(directory, 2)) {
            slow.start(0, "wait");
            awaitSocket(slow);
            quick.startAll("wait").awaitAllJoined();
            slow.start(1, "wait");
            slow.awaitAllJoined();
            assertEquals(List.of(), slow.leftInSharedMemory());
        }
    }

    @Test
    void terminatedDuringWireUpLeavesNothing() throws Exception {
        try (ChildJob job = new ChildJob(directory, 2)) {
            job.start(0, "wait");
            awaitSocket(job);
            job.ranks.get(0).destroy();
            job.exitCode(0);
            assertEquals(List.of(), job.leftInSharedMemory());
        }
    }

    @Test
    void aBaseDirectoryThatOthersCanEnterIsRefused() throws Exception {
        try (ChildJob job = new ChildJob(directory, 2)) {
            Path base = Files.createDirectory(job.sharedMemory.resolve("isthmus-"
                    + Files.getAttribute(Path.of("/proc/self"), "unix:uid")));
            Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxrwxrwx"));
            job.startAll("wait");
            for (int rank = 0; rank < 2; rank++) {
                assertEquals(ChildRank.EXIT_ON_FAILURE, job.exitCode(rank));
                assertTrue(job.output(rank).contains("cannot be trusted"), job.output(rank));
            }
        }
    }

    @Test
    void aSymbolicLinkAsBaseDirectoryIsRefused() throws Exception {
        try (ChildJob job = new ChildJob(directory, 2)) {
            Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.createSymbolicLink(job.sharedMemory.resolve("isthmus-"
                    + Files.getAttribute(Path.of("/proc/self"), "unix:uid")), elsewhere);
            job.start(0, "wait");
            assertEquals(ChildRank.EXIT_ON_FAILURE, job.exitCode(0));
            assertTrue(job.output(0).contains("cannot be trusted"), job.output(0));
        }
    }

    @Test
    void tooLongASocketPathIsExplained() throws Exception {
        try (ChildJob job = new ChildJob(directory, 2)) {
            ProcessBuilder builder = job.command(0, job.key, "wait");
            builder.environment().put("ISTHMUS_SHM_DIR",
                    Files.createDirectory(directory.resolve("d".repeat(100))).toString());
            job.start(builder);
            assertEquals(ChildRank.EXIT_ON_FAILURE, job.exitCode(0));
            assertTrue(job.output(0).contains("the system allows 107"), job.output(0));
        }
    }

    @Test
    void deadLauncherEndsEveryRank() throws Exception {
        Process launcher = new ProcessBuilder("sleep", "600").start();
        try (ChildJob job = new ChildJob(directory, 2)) {
            for (int rank = 0; rank < 2; rank++) {
                ProcessBuilder builder = job.command(rank, job.key, "wait");
                builder.environment().put(LauncherVariables.LAUNCHER_PID, Long.toString(launcher.pid()));
                job.start(builder);
            }
            job.awaitAllJoined();
            launcher.destroyForcibly();
            for (int rank = 0; rank < 2; rank++) {
                assertEquals(ChildRank.EXIT_ON_FAILURE, job.exitCode(rank));
                assertTrue(job.output(rank).contains("failure of -1 code 1: the launcher isthmus run (pid "
                        + launcher.pid() + ") has ended"), job.output(rank));
            }
        } finally {
            launcher.destroyForcibly();
        }
    }

    private static Path socket(ChildJob job) throws IOException {
        return new JobDirectory(job.sharedMemory, "ISTHMUS|" + job.key).socket();
    }

    private static void awaitSocket(ChildJob job) throws Exception {
        while (!Files.exists(socket(job))) {
            Thread.sleep(10);
        }
    }

    private static SocketChannel connect(ChildJob job) throws Exception {
        while (true) {
            try {
                return SocketChannel.open(UnixDomainSocketAddress.of(socket(job)));
            } catch (ConnectException e) {
                Thread.sleep(10); // bound, but not listening yet
            }
        }
    }
}
