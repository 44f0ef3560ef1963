package org.isthmus.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code isthmus stat} beside a job of real processes. Other jobs may run, so it is asked for this one by process id.
 */
@Timeout(180)
class StatCommandTest {
    private static final int RANKS = 3;

    @TempDir
    Path directory;

    private Path sharedMemory;
    private Path pids;
    private Path end;
    private CommandProcess job;
    private List<ProcessHandle> ranks;

    @BeforeEach
    void start() throws Exception {
        sharedMemory = Files.createTempDirectory(Path.of("/dev/shm"), "stat-test");
        pids = Files.createDirectory(directory.resolve("pids"));
        end = directory.resolve("end");
        job = new CommandProcess(directory, List.of(),
                Map.of("ISTHMUS_SHM_DIR", sharedMemory.toString(), "ISTHMUS_STAT", "true"),
                "run", "-n", Integer.toString(RANKS), CountedMain.class.getName(), pids.toString(), end.toString());
        ranks = CommandProcess.awaitPids(pids, RANKS);
    }

    @AfterEach
    void end() throws Exception {
        job.close();
        CommandProcess.awaitEnd(ranks);
        assertEquals(List.of(), files());
        Files.delete(sharedMemory);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(sharedMemory)) {
            return files.toList();
        }
    }

    private String stat(String... arguments) throws Exception {
        try (CommandProcess stat = command(arguments)) {
            assertEquals(0, stat.exitCode(), stat.errors());
            return stat.output();
        }
    }

    private CommandProcess command(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("stat"));
        words.addAll(List.of(arguments));
        return new CommandProcess(directory, words.toArray(String[]::new));
    }

    private String launcher() {
        return Long.toString(job.process.pid());
    }

    /** Rank, process, messages and bytes sent, messages and bytes received; then by protocol. */
    private static boolean isTable(String text) {
        boolean table = true;
        for (int rank = 0; rank < RANKS; rank++) {
            table &= Pattern.compile("(?m)^ *" + rank + " +[0-9]+ +4 +10024 +4 +10024 +[0-9]+ +0$").matcher(text).find()
                    && Pattern.compile("(?m)^ *" + rank + " +3 +3 +1 +1$").matcher(text).find();
        }
        return table;
    }

    @Test
    void textAndJsonOfALiveJob() throws Exception {
        assertEquals(List.of(), files());
        String text = stat(launcher());
        assertTrue(text.contains("CountedMain, 3 ranks by isthmus run, for "), text);
        while (!isTable(text)) { // numbers may be a second old
            text = stat(launcher());
        }
        String json = stat("--json", Long.toString(ranks.get(1).pid()));
        assertEquals(1, json.lines().count());
        for (int rank = 0; rank < RANKS; rank++) {
            Matcher found = Pattern.compile("\\{\"rank\":" + rank
                    + ",\"pid\":([0-9]+),\"counters\":\\{\"sent-inline\":3,"
                    + "\"sent-inline-bytes\":24,\"sent-eager\":1,\"sent-eager-bytes\":10000,").matcher(json);
            assertTrue(found.find(), json);
            assertTrue(ranks.stream().anyMatch(handle -> handle.pid() == Long.parseLong(found.group(1))), json);
        }
        assertTrue(json.contains("\"received-inline\":3,") && json.endsWith(",\"links\":[]}\n"), json);
        assertEquals(json.chars().filter(c -> c == '{').count(), json.chars().filter(c -> c == '}').count());
        Matcher name = Pattern.compile("\"job\":\"([0-9a-f]{8})\"").matcher(json);
        assertTrue(name.find(), json);
        assertTrue(isTable(stat(name.group(1))));
        assertTrue(stat("--list").contains("job " + name.group(1) + ": "), json);
        assertEquals(List.of(), files());
    }

    @Test
    void theJobPrintsItselfAtItsEnd() throws Exception {
        Files.writeString(end, "");
        assertEquals(0, job.exitCode(), job.errors());
        for (int rank = 0; rank < RANKS; rank++) { // the barrier at the end sends some short messages of its own
            assertTrue(Pattern.compile("(?m)^ *" + rank
                    + " +[0-9]+ +[4-9] +100[0-9]{2} +[4-9] +100[0-9]{2} +[0-9]+ +1$")
                    .matcher(job.errors()).find(), job.errors());
        }
        assertTrue(job.errors().contains("rank 1: counters\n"), job.errors());
        assertTrue(Pattern.compile("(?m)^ +3 messages +sent-inline$").matcher(job.errors()).find(), job.errors());
    }

    @Test
    void watchingEndsWithTheJob() throws Exception {
        try (CommandProcess watch = command("--watch", "1", "--json", launcher())) {
            while (watch.output().lines().count() < 2) {
                Thread.sleep(10);
            }
            Files.writeString(end, "");
            assertEquals(0, watch.exitCode(), watch.errors());
            assertTrue(watch.output().lines().allMatch(line -> line.startsWith("{\"job\":")), watch.output());
        }
        assertEquals(0, job.exitCode(), job.errors());
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        for (String nobody : new String[] {"2147483646", "noname"}) {
            try (CommandProcess stat = command(nobody)) {
                assertEquals(1, stat.exitCode());
                assertTrue(stat.errors().contains("there is no job " + nobody + ", there "), stat.errors());
                assertTrue(stat.errors().contains("CountedMain, 3 ranks"), stat.errors());
            }
        }
        try (CommandProcess stat = command("--wach", "1")) {
            assertEquals(2, stat.exitCode());
            assertTrue(stat.errors().contains("did you mean --watch?"), stat.errors());
        }
        try (CommandProcess stat = command("1", "2")) {
            assertEquals(2, stat.exitCode());
        }
    }

    @Test
    void aKilledJobIsGone() throws Exception {
        String pid = launcher();
        ranks.forEach(ProcessHandle::destroyForcibly);
        CommandProcess.awaitEnd(ranks);
        job.exitCode();
        try (CommandProcess stat = command(pid)) {
            assertEquals(1, stat.exitCode());
            assertTrue(stat.errors().contains("no job"), stat.errors());
        }
        assertEquals(List.of(), files());
    }
}
