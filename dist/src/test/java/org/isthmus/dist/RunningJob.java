package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.isthmus.node.testing.TestHosts;

/** A job over two hosts that a test watches, or breaks, while it runs. {@link #close} ends what is left of it. */
final class RunningJob implements AutoCloseable {
    private final Path directory;
    private final Process process;
    private final List<ProcessHandle> ranks = new ArrayList<>();

    private RunningJob(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /**
     * Starts the program, whose first argument is a directory in which each rank leaves its id ({@link RankIds}) once
     * the first messages have passed, and waits until all have.
     *
     * @param directory an empty one, for the ids and for what the job says
     * @param environment settings of the job
     */
    static RunningJob start(TestHosts hosts, Path directory, int ranksPerHost, Map<String, String> environment,
            Class<?> program, String... arguments) throws IOException, InterruptedException {
        Path ids = Files.createDirectory(directory.resolve("ids"));
        List<String> words = new ArrayList<>(List.of("-cp", "target/test-classes", program.getName(), ids.toString()));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(IsthmusJar.run(hosts, ranksPerHost, words.toArray(String[]::new)))
                .redirectInput(Path.of("/dev/null").toFile()).redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().putAll(environment);
        RunningJob job = new RunningJob(directory, builder.start());
        boolean complete = false;
        try {
            for (int rank = 0; rank < 2 * ranksPerHost; rank++) {
                job.await(ids.resolve(Integer.toString(rank)));
            }
            complete = true;
            return job;
        } finally {
            if (!complete) {
                job.close();
            }
        }
    }

    private void await(Path id) throws IOException, InterruptedException {
        while (!Files.exists(id)) {
            assertTrue(process.isAlive(), () -> "ended early: " + errors());
            Thread.sleep(20);
        }
        ranks.add(ProcessHandle.of(Long.parseLong(Files.readString(id))).orElseThrow());
    }

    ProcessHandle rank(int rank) {
        return ranks.get(rank);
    }

    List<ProcessHandle> ranks() {
        return ranks;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The job's exit code, once it has ended. */
    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    String output() {
        return said("out");
    }

    String errors() {
        return said("err");
    }

    private String said(String stream) {
        try {
            return Files.readString(directory.resolve(stream));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
