package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.isthmus.node.config.LauncherVariables;

/** Rank processes of one job, with their output in files. */
final class ChildJob implements AutoCloseable {
    private final Path directory;
    final Path sharedMemory;
    final int size;
    final String key = UUID.randomUUID().toString();
    final List<Process> ranks = new ArrayList<>();
    private final List<Path> outputs = new ArrayList<>();

    ChildJob(Path directory, int size) throws IOException {
        this.directory = directory;
        this.sharedMemory = Files.createDirectories(directory.resolve("shm"));
        this.size = size;
    }

    /** Starts all ranks with one action. */
    ChildJob startAll(String action) throws IOException {
        for (int rank = 0; rank < size; rank++) {
            start(rank, action);
        }
        return this;
    }

    void start(int rank, String action) throws IOException {
        start(command(rank, key, action));
    }

    void start(ProcessBuilder builder) throws IOException {
        Path output = Files.createTempFile(directory, "rank", ".out");
        outputs.add(output);
        ranks.add(builder.redirectErrorStream(true).redirectOutput(output.toFile()).start());
    }

    ProcessBuilder command(int rank, String jobKey, String action) {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                ChildRank.class.getName(), action);
        builder.environment().keySet().removeAll(LauncherEnvironment.foreignVariables());
        builder.environment().put(LauncherVariables.RANK, Integer.toString(rank));
        builder.environment().put(LauncherVariables.SIZE, Integer.toString(size));
        builder.environment().put(LauncherVariables.LOCAL_RANK, Integer.toString(rank));
        builder.environment().put(LauncherVariables.LOCAL_SIZE, Integer.toString(size));
        builder.environment().put(LauncherVariables.JOB, jobKey);
        builder.environment().put("ISTHMUS_SHM_DIR", sharedMemory.toString());
        return builder;
    }

    String output(int index) throws IOException {
        return Files.readString(outputs.get(index));
    }

    /** Waits, until the test's own time limit, for a text in the output of a process. */
    void awaitOutput(int index, String text) throws Exception {
        while (!output(index).contains(text)) {
            if (!ranks.get(index).isAlive() && !output(index).contains(text)) {
                throw new AssertionError("process " + index + " ended without \"" + text + "\": " + output(index));
            }
            Thread.sleep(10);
        }
    }

    void awaitAllJoined() throws Exception {
        for (int rank = 0; rank < size; rank++) {
            awaitOutput(rank, "joined " + rank + " of " + size);
        }
    }

    /** Lets a process go on that waits for input. */
    void poke(int index) throws IOException {
        try (OutputStream input = ranks.get(index).getOutputStream()) {
            input.write('\n');
        }
    }

    int exitCode(int index) throws InterruptedException {
        return ranks.get(index).waitFor();
    }

    List<Path> leftInSharedMemory() throws IOException {
        try (Stream<Path> paths = Files.walk(sharedMemory)) {
            return paths.filter(path -> !path.equals(sharedMemory)).toList();
        }
    }

    @Override
    public void close() {
        for (Process process : ranks) {
            process.destroyForcibly();
        }
        for (Process process : ranks) {
            process.onExit().join();
        }
    }
}
