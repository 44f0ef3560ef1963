package org.isthmus.launch;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.isthmus.node.config.SettingParsers;

/**
 * {@code isthmus bench qp}: throughput and memory against the number of queue pairs between two nodes, one for each
 * pair of ranks beside shared ones. The loops are in isthmus-rdma.jar, which lies beside isthmus.jar and is no part of
 * it.
 */
final class QueuePairBench {
    static final String NAME = "qp";

    private static final String LOOPS = "org.isthmus.rdma.backend.QueuePairBenchmark";
    private static final List<String> JARS = List.of("isthmus-rdma.jar", "disni.jar");

    private static final Option<List<Integer>> RANKS = new Option<>(List.of("--ranks"), "A,B", "1,2,4,8,16",
            numbers(256), "Ranks of each node, a group of rows for each number.");
    private static final Option<List<Integer>> SHARED = new Option<>(List.of("--shared"), "A,B", "1,2,4", numbers(64),
            "Queue pairs that all ranks of a node share.");
    private static final Option<Integer> BYTES = new Option<>(List.of("--bytes"), "BYTES", "8",
            SettingParsers.integer(8, 32_000), "Bytes of a message.");
    private static final Option<Integer> MILLIS = new Option<>(List.of("--millis"), "MS", "2000",
            SettingParsers.integer(1, 600_000), "Milliseconds of a row, after a quarter of it for warming up.");
    private static final Option<String> PROVIDER = new Option<>(List.of("--provider"),
            "NAME", "auto", Function.identity(), "As isthmus.rdma.provider: native, software (no device), auto.");
    private static final Option<String> ADDRESS = new Option<>(List.of("--address"), "ADDRESS", "auto",
            Function.identity(), "As isthmus.rdma.address: an address of the device; auto: the first that is up.");
    private static final Option<Path> CSV = new Option<>(List.of("--csv"), "FILE", null, Path::of,
            "Write the rows there, too.");
    private static final Option<Path> DIRECTORY = new Option<>(List.of("--rdma"), "DIR", null, Path::of,
            "Where " + String.join(" and ", JARS) + " lie; by default beside isthmus.jar.");
    private static final OptionTable OPTIONS =
            new OptionTable(List.of(RANKS, SHARED, BYTES, MILLIS, PROVIDER, ADDRESS, CSV, DIRECTORY));

    private QueuePairBench() {}

    /** A line of the loops' output; its fields in their order. */
    record Row(String design, int ranks, int queuePairs, long messages, long requests,
            long memoryBytes, long setUpMillis) {
        static final String CSV_HEAD =
                "design,ranks,queue_pairs,messages_per_second,work_requests_per_second,memory_bytes,set_up_ms";

        static Row parse(String line) {
            String[] words = line.split(",");
            if (words.length != 7) {
                throw new IllegalArgumentException("a line of 7 fields is expected, got \"" + line + "\"");
            }
            return new Row(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2]), Long.parseLong(words[3]),
                    Long.parseLong(words[4]), Long.parseLong(words[5]), Long.parseLong(words[6]));
        }

        String csv() {
            return String.join(",", design, Integer.toString(ranks), Integer.toString(queuePairs),
                    Long.toString(messages),
                    Long.toString(requests), Long.toString(memoryBytes), Long.toString(setUpMillis));
        }
    }

    /** Runs the benchmark; returns the exit code. */
    static int run(List<String> arguments) throws IOException, InterruptedException {
        OptionTable.Values values = OPTIONS.parse(arguments);
        if (values.get(OptionTable.HELP)) {
            System.out.print(help());
            return 0;
        }
        values.requireNoArgument("bench qp");
        List<String> command = new ArrayList<>(List.of(JavaCommand.ownJava(), "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "-cp", classPath(values.get(DIRECTORY)), LOOPS,
                values.get(PROVIDER),
                values.get(ADDRESS), values.get(BYTES).toString(), values.get(MILLIS).toString()));
        command.addAll(rows(values.get(RANKS), values.get(SHARED)));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(process::destroy));
        List<Row> rows = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rows.add(Row.parse(line));
                System.err.println("isthmus bench qp: " + line);
            }
        }
        int code = process.waitFor();
        if (rows.isEmpty()) {
            return code;
        }
        System.out.print(table(rows));
        if (values.get(CSV) != null) {
            Files.writeString(values.get(CSV), csv(rows));
        }
        return code;
    }

    /** What the loops are to measure, word by word. */
    static List<String> rows(List<Integer> ranks, List<Integer> shared) {
        List<String> rows = new ArrayList<>();
        for (int count : ranks) {
            rows.add("mesh:" + count + ":" + count * count);
            for (String design : List.of("shared", "frames")) {
                shared.forEach(queuePairs -> rows.add(design + ":" + count + ":" + queuePairs));
            }
        }
        return rows;
    }

    static String table(List<Row> rows) {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%-7s %6s %12s %14s %16s %12s %10s%n",
                "design", "ranks", "queue pairs", "messages/s", "work requests/s", "memory KiB", "set-up ms"));
        for (Row row : rows) {
            table.append(String.format(Locale.ROOT, "%-7s %6d %12d %,14d %,16d %,12d %,10d%n", row.design, row.ranks,
                    row.queuePairs, row.messages, row.requests, row.memoryBytes >> 10, row.setUpMillis));
        }
        return table.toString();
    }

    static String csv(List<Row> rows) {
        StringBuilder csv = new StringBuilder(Row.CSV_HEAD).append('\n');
        rows.forEach(row -> csv.append(row.csv()).append('\n'));
        return csv.toString();
    }

    private static String help() {
        return """
                Usage: isthmus bench qp [--ranks A,B] [--shared A,B] [--bytes BYTES] [--csv FILE]

                Two nodes in one process, over one device: every rank of one sends messages to random ranks of the
                other. mesh: a queue pair for each pair of ranks. shared: a few for all, a work request for each message.
                frames: the same, with a message of each rank in a work request, as the multiplexer sends them.
                Memory is what the machine had less after the queue pairs of both ends were made (software provider: the
                heap); let nothing else run.

                """ + OPTIONS.help();
    }

    private static String classPath(Path given) {
        Path directory = given != null ? given : ClassPath.ownLocation().getParent();
        StringBuilder path = new StringBuilder();
        for (String jar : JARS) {
            Path file = directory.resolve(jar);
            if (!Files.isRegularFile(file)) {
                throw new UsageException("there is no " + file
                        + ", which bench qp needs: put it there, or say by --rdma DIR where it lies; in a source tree"
                        + " ./mvnw package makes it in dist/target");
            }
            path.append(file).append(File.pathSeparator);
        }
        return path + ClassPath.ofIsthmus();
    }

    private static Function<String, List<Integer>> numbers(int max) {
        return text -> Arrays.stream(text.split(",", -1)).map(SettingParsers.integer(1, max)).toList();
    }
}
