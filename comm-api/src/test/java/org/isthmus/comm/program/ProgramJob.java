package org.isthmus.comm.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ranks of a job as processes of this test's class path, with their output in files and a shared memory directory
 * of their own. A job that does not end in time is killed; its output then has a thread dump of each rank.
 */
final class ProgramJob implements AutoCloseable {
    private static final long DUMP_MILLIS = 1500;

    final List<Process> ranks = new ArrayList<>();
    private final List<Path> outputs = new ArrayList<>();
    private final Path sharedMemory;
    private final Path directory;

    private ProgramJob(Path directory) throws IOException {
        this.directory = directory;
        Path memory = Files.isDirectory(Path.of("/dev/shm")) ? Path.of("/dev/shm") : directory;
        this.sharedMemory = Files.createTempDirectory(memory, "programs");
    }

    /** Starts {@code size} ranks that run {@code main}. */
    static ProgramJob start(int size, Class<?> main, List<String> arguments) throws IOException {
        return start(size, main, arguments, Map.of());
    }

    /** The same with settings as environment variables. */
    static ProgramJob start(int size, Class<?> main, List<String> arguments, Map<String, String> settings)
            throws IOException {
        ProgramJob job = new ProgramJob(Files.createTempDirectory("programs"));
        String key = UUID.randomUUID().toString();
        for (int rank = 0; rank < size; rank++) {
            job.start(rank, size, key, RankClasses.options(), main, arguments, settings);
        }
        return job;
    }

    /** The same with other options of the JVM for rank 0, and those of all ranks, instead of {@link RankClasses}'. */
    static ProgramJob start(int size, List<String> ofFirst, List<String> ofAll, Class<?> main, List<String> arguments)
            throws IOException {
        ProgramJob job = new ProgramJob(Files.createTempDirectory("programs"));
        String key = UUID.randomUUID().toString();
        for (int rank = 0; rank < size; rank++) {
            List<String> options = new ArrayList<>(rank == 0 ? ofFirst : List.of());
            options.addAll(ofAll);
            job.start(rank, size, key, options, main, arguments, Map.of());
        }
        return job;
    }

    private void start(int rank, int size, String key, List<String> options, Class<?> main, List<String> arguments,
            Map<String, String> settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC", "-Xmx512m", "-XX:MaxDirectMemorySize=512m", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.add(main.getName());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.matches("(ISTHMUS|OMPI|PMIX|PMI|SLURM|PALS)_.*"));
        builder.environment().put("ISTHMUS_RANK", Integer.toString(rank));
        builder.environment().put("ISTHMUS_SIZE", Integer.toString(size));
        builder.environment().put("ISTHMUS_LOCAL_RANK", Integer.toString(rank));
        builder.environment().put("ISTHMUS_LOCAL_SIZE", Integer.toString(size));
        builder.environment().put("ISTHMUS_JOB", key);
        builder.environment().put("ISTHMUS_SHM_DIR", sharedMemory.toString());
        builder.environment().putAll(settings);
        Path output = directory.resolve("rank" + rank);
        outputs.add(output);
        ranks.add(builder.redirectErrorStream(true).redirectOutput(output.toFile()).start());
    }

    /** Waits for all ranks; false when they had to be killed. */
    boolean await(int seconds) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (Process rank : ranks) {
            if (!rank.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                dumpThreads();
                kill();
                return false;
            }
        }
        return true;
    }

    private void dumpThreads() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-QUIT"));
        ranks.stream().filter(Process::isAlive).forEach(rank -> command.add(Long.toString(rank.pid())));
        new ProcessBuilder(command).start().waitFor();
        Thread.sleep(DUMP_MILLIS);
    }

    /** Waits until each rank has printed {@code text} or has ended. */
    void awaitOutput(String text) throws IOException, InterruptedException {
        for (int rank = 0; rank < ranks.size(); rank++) {
            awaitOutput(rank, text);
        }
    }

    void awaitOutput(int rank, String text) throws IOException, InterruptedException {
        while (!output(rank).contains(text) && ranks.get(rank).isAlive()) {
            Thread.sleep(10);
        }
    }

    String output(int rank) throws IOException {
        return Files.readString(outputs.get(rank));
    }

    /** The outputs of all ranks with their exit codes. */
    String report() throws IOException {
        StringBuilder report = new StringBuilder();
        for (int rank = 0; rank < ranks.size(); rank++) {
            Process process = ranks.get(rank);
            report.append("---- rank ").append(rank).append(", ")
                    .append(process.isAlive() ? "running" : "exit code " + process.exitValue()).append('\n')
                    .append(output(rank));
        }
        return report.toString();
    }

    List<Integer> exitCodes() {
        return ranks.stream().map(Process::exitValue).collect(Collectors.toList());
    }

    /** What the ended job left in its shared memory directory. */
    List<String> leftInSharedMemory() throws IOException {
        try (Stream<Path> paths = Files.walk(sharedMemory)) {
            return paths.filter(path -> !path.equals(sharedMemory)).map(Path::toString).toList();
        }
    }

    private void kill() {
        ranks.forEach(Process::destroyForcibly);
        ranks.forEach(rank -> rank.onExit().join());
    }

    @Override
    public void close() throws IOException {
        kill();
        for (Path root : List.of(sharedMemory, directory)) {
            try (Stream<Path> paths = Files.walk(root)) {
                for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
