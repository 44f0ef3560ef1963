package org.isthmus.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code isthmus run --hosts} with an agent that runs every host's ranks on this machine. */
@Timeout(120)
class HostsRunTest {
    private static final String MAIN = RankMain.class.getName();

    @TempDir
    Path directory;

    private CommandProcess run(String... arguments) throws Exception {
        return run("env TEST_HOST={host}", Map.of(), arguments);
    }

    private CommandProcess run(String agent, Map<String, String> environment, String... arguments) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("run", "--hosts", "a:2,b:2", "--listen", "localhost", "--agent", agent));
        all.addAll(Arrays.asList(arguments));
        return new CommandProcess(directory, List.of(), environment, all.toArray(String[]::new));
    }

    private String success(CommandProcess command) throws Exception {
        try (command) {
            assertEquals(0, command.input("").exitCode(), command.errors());
            return command.output();
        }
    }

    private Path script(String body) throws Exception {
        Path script = Files.writeString(directory.resolve("agent.sh"), "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private Path pids() throws Exception {
        return Files.createDirectories(directory.resolve("pids"));
    }

    /** The process whose child is a process: the agent of a rank. */
    private static ProcessHandle parent(ProcessHandle process) {
        return process.parent().orElseThrow();
    }

    @Test
    void ranksOfAllHostsMeetAndKnowTheirPlaces() throws Exception {
        String output = success(run(MAIN, "nodes"));
        for (String place : List.of("rank 0 local 0 of 2", "rank 1 local 1 of 2", "rank 2 local 0 of 2",
                "rank 3 local 1 of 2")) {
            assertTrue(output.contains(place + ": 4 ranks on 1 nodes: [[0, 1, 2, 3]]"), output);
        }
        output = success(run("-n", "3", "--map-by", "node", "--tag-output", "sh", "-c",
                "echo rank $ISTHMUS_RANK on $TEST_HOST"));
        for (String line : List.of("[0] rank 0 on a", "[1] rank 1 on b", "[2] rank 2 on a")) {
            assertTrue(output.contains(line), output);
        }
    }

    @Test
    void severalProgramsAreOneJob() throws Exception {
        String show = "echo rank $ISTHMUS_RANK is $NAME $ISTHMUS_APPLICATION on $TEST_HOST";
        String output = success(run("-n", "3", "--tag-output", "--env", "NAME=ann", "sh", "-c", show, ":", "-n", "1",
                "--env", "NAME=bob", "sh", "-c", show));
        for (String line : List.of("[0] rank 0 is ann 0 on a", "[1] rank 1 is ann 0 on a", "[2] rank 2 is ann 0 on b",
                "[3] rank 3 is bob 1 on b")) {
            assertTrue(output.lines().anyMatch(line::equals), output);
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "3"})
    void aRankThatEndsWithoutInitIsNamedToThoseThatWait(String rank) throws Exception {
        try (CommandProcess command = run(MAIN, "joinUnless", rank)) {
            assertEquals(1, command.exitCode());
            assertTrue(command.errors().contains("rank(s) " + rank + " of 4 ended without calling MPI.Init"),
                    command.errors());
        }
    }

    @Test
    void hostsThatAreOneMachineAreOneNode() throws Exception {
        String output = success(run(MAIN, "places"));
        for (int rank = 0; rank < 4; rank++) {
            assertTrue(output.contains("rank " + rank + " is one of 4 on node 0"), output);
        }
    }

    @Test
    void theSecretIsOnNoCommandLine() throws Exception {
        Path file = directory.resolve("secret");
        try (CommandProcess command = run("sh", "-c", "[ $ISTHMUS_RANK = 0 ] && printenv ISTHMUS_SECRET > " + file
                + "; exec java " + MAIN + " sleep " + pids())) {
            CommandProcess.awaitPids(pids(), 4);
            String secret = Files.readString(file).strip();
            assertEquals(64, secret.length());
            // of this job's own processes only
            List<ProcessHandle> processes = Stream.concat(Stream.of(command.process.toHandle()),
                    command.process.descendants()).toList();
            assertEquals(7, processes.size());
            for (ProcessHandle process : processes) {
                String words = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
                assertFalse(words.contains(secret), "process " + process.pid());
            }
        }
    }

    @Test
    void aRankWithAWrongSecretIsRefused() throws Exception {
        try (CommandProcess command = run("-n", "2", "sh", "-c",
                "[ $ISTHMUS_RANK = 0 ] || export ISTHMUS_SECRET=" + "0".repeat(64) + "; exec java " + MAIN
                        + " nodes")) {
            assertTrue(command.exitCode() != 0);
            assertTrue(command.errors().contains("refused rank 1: its secret is not that of the job"),
                    command.errors());
        }
    }

    @Test
    void standardInputGoesToRankZeroWhereverItIs() throws Exception {
        try (CommandProcess command = run("-n", "3", MAIN, "stdin").input("some text")) {
            assertEquals(0, command.exitCode(), command.errors());
            assertTrue(command.output().contains("rank 0 read some text"), command.output());
            assertTrue(command.output().lines().anyMatch(line -> line.strip().equals("rank 2 read")), command.output());
        }
    }

    @ParameterizedTest
    @CsvSource({"0,1,a", "3,77,b"})
    void theFirstFailingRankEndsTheJobWithItsCode(String rank, int code, String host) throws Exception {
        try (CommandProcess command = run(MAIN, "exit", rank, Integer.toString(code))) {
            assertEquals(code, command.exitCode());
            assertTrue(command.errors().contains("isthmus run: rank " + rank + " of 4 on host " + host
                    + " failed: exit code " + code + "; the job was ended"), command.errors());
        }
    }

    @Test
    void aKilledRankEndsTheJobOnAllHosts() throws Exception {
        try (CommandProcess command = run(MAIN, "sleep", pids().toString())) {
            List<ProcessHandle> ranks = CommandProcess.awaitPids(pids(), 4);
            ranks.get(2).destroyForcibly();
            assertEquals(137, command.exitCode());
            assertTrue(command.errors().contains("killed by signal 9, exit code 137"), command.errors());
            CommandProcess.awaitEnd(ranks);
        }
    }

    @Test
    void aTerminatedLauncherEndsAllRanks() throws Exception {
        try (CommandProcess command = run(MAIN, "sleep", pids().toString())) {
            List<ProcessHandle> ranks = CommandProcess.awaitPids(pids(), 4);
            command.process.destroy();
            assertEquals(143, command.exitCode());
            assertTrue(ranks.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void aKilledLauncherEndsAllRanksAndAgents() throws Exception {
        try (CommandProcess command = run(MAIN, "sleep", pids().toString())) {
            List<ProcessHandle> left = new ArrayList<>(CommandProcess.awaitPids(pids(), 4));
            Stream.of(0, 1, 2, 3).map(left::get).toList().forEach(rank -> left.add(parent(rank)));
            command.process.destroyForcibly();
            CommandProcess.awaitEnd(left);
        }
    }

    @Test
    void aKilledAgentEndsTheJobAndLeavesNothing() throws Exception {
        try (CommandProcess command = run("sh", "-c", "java " + MAIN + " sleep " + pids() + "; true")) {
            List<ProcessHandle> ranks = CommandProcess.awaitPids(pids(), 4);
            parent(parent(ranks.get(0))).destroyForcibly();
            assertEquals(1, command.exitCode());
            assertTrue(command.errors().contains(" was lost: its agent ended, killed by signal 9"), command.errors());
            CommandProcess.awaitEnd(ranks);
        }
    }

    @Test
    void aJobOverItsTimeoutEnds() throws Exception {
        try (CommandProcess command = run("--timeout", "2s", MAIN, "exit", "9", "0")) {
            assertEquals(124, command.exitCode());
            assertTrue(command.errors().contains("--timeout of 2000 ms"), command.errors());
        }
    }

    @Test
    void aProgramThatCannotBeStartedIsNamedWithItsHost() throws Exception {
        try (CommandProcess command = run("/no/such/program")) {
            assertEquals(127, command.exitCode());
            assertTrue(command.errors().contains("cannot be started on host "), command.errors());
            assertTrue(command.errors().contains("/no/such/program"), command.errors());
        }
    }

    @Test
    void anUnreachableHostEndsTheJobBeforeAnyRankStarts() throws Exception {
        Path agent = script("[ $1 = a ] || { echo no route to $1 >&2; exit 255; }; shift; exec \"$@\"");
        try (CommandProcess command = run(agent.toString(), Map.of(), MAIN, "print")) {
            assertEquals(127, command.exitCode());
            assertTrue(command.errors().contains("no route to b"), command.errors());
            assertTrue(command.errors().contains("host b cannot be used: its agent ended"), command.errors());
            assertTrue(command.errors().contains("no rank was started"), command.errors());
            assertEquals("", command.output());
        }
    }

    @Test
    void aSilentHostIsNamedAfterTheSettingsTime() throws Exception {
        Path agent = script("[ $1 = a ] || exec sleep 1000; shift; exec \"$@\"");
        try (CommandProcess command = run(agent.toString(), Map.of("ISTHMUS_LAUNCH_TIMEOUT", "3s"), MAIN, "print")) {
            assertEquals(127, command.exitCode());
            assertTrue(command.errors().contains("b did not answer within 3000 ms"), command.errors());
        }
    }

    @Test
    void wordsOfALoginShellAreSkipped() throws Exception {
        Path agent = script("echo Welcome to $1, ISTHMUS; shift; exec \"$@\"");
        String output = success(run(agent.toString(), Map.of(), "-n", "3", MAIN, "print"));
        assertTrue(output.contains("rank 2 of 3 says print"), output);
        assertFalse(output.contains("Welcome"), output);
    }

    @Test
    void anAgentOfAnotherVersionIsRefused() throws Exception {
        Path agent =
                script("[ $1 = a ] || { printf 'ISTHMUSH\\000\\000\\000\\007'; exec sleep 1000; }; shift; exec \"$@\"");
        try (CommandProcess command = run(agent.toString(), Map.of(), MAIN, "print")) {
            assertEquals(127, command.exitCode());
            assertTrue(command.errors().contains(
                    "host b cannot be used: its isthmus.jar is of another version (7, here "), command.errors());
        }
    }

    @Test
    void anAgentThatIsNoProgramIsNamed() throws Exception {
        try (CommandProcess command = run("/no/such/agent", Map.of(), MAIN, "print")) {
            assertEquals(127, command.exitCode());
            assertTrue(command.errors().contains("agent command for host a cannot be started"), command.errors());
        }
    }
}
