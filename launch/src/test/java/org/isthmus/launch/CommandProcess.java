package org.isthmus.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An isthmus command in a process of its own, from {@link CommandJar}. */
final class CommandProcess implements AutoCloseable {
    final Process process;
    private final Path out;
    private final Path err;

    CommandProcess(Path directory, String... arguments) throws IOException {
        this(directory, List.of(), Map.of(), arguments);
    }

    /**
     * @param before words before the java command
     */
    CommandProcess(Path directory, List<String> before, Map<String, String> environment, String... arguments)
            throws IOException {
        out = Files.createTempFile(directory, "command", ".out");
        err = Files.createTempFile(directory, "command", ".err");
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(java(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", CommandJar.classPath(),
                IsthmusCommand.class.getName()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /** {@code isthmus run -n N ARGUMENTS} */
    static CommandProcess run(Path directory, int ranks, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("run", "-n", Integer.toString(ranks)));
        all.addAll(Arrays.asList(arguments));
        return new CommandProcess(directory, all.toArray(String[]::new));
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    CommandProcess input(String text) throws IOException {
        try (OutputStream input = process.getOutputStream()) {
            input.write(text.getBytes());
        }
        return this;
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    String output() throws IOException {
        return Files.readString(out);
    }

    String errors() throws IOException {
        return Files.readString(err);
    }

    /** The processes whose pids are file names in a directory, once there are so many. */
    static List<ProcessHandle> awaitPids(Path directory, int count) throws Exception {
        while (true) {
            try (Stream<Path> files = Files.list(directory)) {
                List<ProcessHandle> handles = files.map(file -> Long.parseLong(file.getFileName().toString()))
                        .flatMap(pid -> ProcessHandle.of(pid).stream()).toList();
                if (handles.size() == count) {
                    return handles;
                }
            }
            Thread.sleep(10);
        }
    }

    static void awaitEnd(List<ProcessHandle> handles) throws InterruptedException {
        while (handles.stream().anyMatch(ProcessHandle::isAlive)) {
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }
}
