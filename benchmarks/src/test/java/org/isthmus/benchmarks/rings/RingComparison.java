package org.isthmus.benchmarks.rings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code isthmus bench rings}: every subject in JVMs of its own, all in turn, several times; prints the table.
 * Arguments: repeat, modes, depths, sizes, subjects (each separated by commas; "all"), ring bytes, milliseconds of a
 * round, table or json, and lines about the machine.
 */
public final class RingComparison {
    private static final long SECONDS = 120;

    private final List<String> depths;
    private final String ringBytes;
    private final String millis;
    private final RingTable table;

    private RingComparison(List<String> depths, String ringBytes, String millis, String machine) {
        this.depths = depths;
        this.ringBytes = ringBytes;
        this.millis = millis;
        this.table = new RingTable(machine);
    }

    public static void main(String[] args) throws Exception {
        List<String> modes = words(args[1]);
        List<Subject> subjects = args[4].equals("all") ? Subject.all()
                : words(args[4]).stream().map(Subject::of).toList();
        RingComparison comparison = new RingComparison(words(args[2]), args[5], args[6], args[8]);
        int repeat = Integer.parseInt(args[0]);
        for (int round = 1; round <= repeat; round++) {
            System.err.printf("isthmus bench rings: round %d of %d ...%n", round, repeat);
            for (String mode : modes) {
                for (String bytes : words(args[3])) {
                    for (Subject subject : subjects) {
                        comparison.measure(subject, mode.equals("processes"), Integer.parseInt(bytes));
                    }
                }
            }
        }
        System.out.print(args[7].equals("json") ? comparison.table.json() : comparison.table.text());
    }

    private void measure(Subject subject, boolean processes, int bytes) throws IOException, InterruptedException {
        List<String> carried = depths.stream()
                .filter(depth -> subject.carries(processes, Integer.parseInt(depth), bytes)).toList();
        if (carried.isEmpty()) {
            return;
        }
        Path directory = Files.createTempDirectory(shared(), "isthmus-bench");
        Process answering = null;
        try {
            if (processes) {
                answering = start("answer", subject, bytes, carried, directory);
            }
            Process asking = start(processes ? "ask" : "threads", subject, bytes, carried, directory);
            read(asking, subject, processes, bytes);
            if (answering != null) {
                outputOf(answering);
            }
        } finally {
            if (answering != null) {
                answering.destroyForcibly().waitFor();
            }
            delete(directory);
        }
    }

    private Process start(String side, Subject subject, int bytes, List<String> carried, Path directory)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xmx256m",
                "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                RingRival.class.getName()));
        command.addAll(List.of(side, subject.name(), Integer.toString(bytes), String.join(",", carried), ringBytes,
                millis, directory.toString()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private void read(Process process, Subject subject, boolean processes, int bytes)
            throws IOException, InterruptedException {
        for (String line : outputOf(process).lines().toList()) {
            String[] words = line.split(" ");
            if (words.length == 2 && words[1].matches("[0-9]+\\.[0-9]+")) {
                table.add(processes ? "processes" : "threads", bytes, Integer.parseInt(words[0]), subject.name(),
                        Double.parseDouble(words[1]));
            } else {
                System.err.println(line);
            }
        }
    }

    private static String outputOf(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException("a measuring process failed: " + output);
        }
        return output;
    }

    private static List<String> words(String list) {
        return Arrays.asList(list.split(","));
    }

    private static Path shared() {
        Path memory = Path.of("/dev/shm");
        return Files.isDirectory(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
