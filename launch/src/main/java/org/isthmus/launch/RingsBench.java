package org.isthmus.launch;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.isthmus.node.config.SettingParsers;

/**
 * {@code isthmus bench rings}: the ring variants beside queues of other projects. Those are on the class path of the
 * benchmarks in a source tree, not in isthmus.jar, so the comparison runs in a JVM with that class path.
 */
final class RingsBench {
    static final String NAME = "rings";

    private static final String COMPARISON = "org.isthmus.benchmarks.rings.RingComparison";
    /** Written by the build of the benchmarks. */
    private static final String CLASS_PATH_FILE = "jmh.classpath";

    private static final Option<String> DEPTHS = new Option<>(List.of("--depth"), "A,B", "1,32,256", numbers(1, 256),
            "Records under way, from 1 to 256.");
    private static final Option<String> SIZES = new Option<>(List.of("--bytes"), "A,B", "8,24,64", numbers(8, 64),
            "Bytes of a record, multiples of 8 from 8 to 64.");
    private static final Option<String> BETWEEN = new Option<>(List.of("--between"), "A,B", "threads,processes",
            text -> checked(text, "threads|processes", "threads, processes or both are needed"), "Who exchanges them.");
    private static final Option<String> RINGS = new Option<>(List.of("--rings"), "A,B", "all",
            text -> checked(text, "[a-z]+", "names such as validity,agrona are needed"), "Rows of the table.");
    private static final Option<Long> RING_BYTES = new Option<>(List.of("--ring-bytes"), "BYTES", "64k",
            SettingParsers.bytes(64 << 10, 1 << 24), "Size of each ring, a power of two.");
    private static final Option<Integer> MILLIS = new Option<>(List.of("--round-ms"), "MS", "25",
            SettingParsers.integer(1, 10_000), "Milliseconds of one round; the best of 20 counts, after 10 more.");
    private static final Option<Integer> REPEAT = new Option<>(List.of("--repeat"), "R", "3",
            SettingParsers.integer(1, 100), "Runs of all rows in turn; the table shows medians.");
    private static final Option<String> BENCHMARKS = new Option<>(List.of("--benchmarks"), "DIR", null,
            Function.identity(), "The built benchmarks, benchmarks/target; found by itself in a source tree.");
    private static final Option<Boolean> JSON = Option.flag("--json", "Print every value as JSON.");
    private static final OptionTable OPTIONS = new OptionTable(
            List.of(DEPTHS, SIZES, BETWEEN, RINGS, RING_BYTES, MILLIS, REPEAT, BENCHMARKS, JSON));

    private RingsBench() {}

    /** Runs the comparison; returns the exit code. */
    static int run(List<String> arguments) throws IOException, InterruptedException {
        OptionTable.Values values = OPTIONS.parse(arguments);
        if (values.get(OptionTable.HELP)) {
            System.out.print(help());
            return 0;
        }
        values.requireNoArgument("bench rings");
        if (Long.bitCount(values.get(RING_BYTES)) != 1) {
            throw new UsageException("option --ring-bytes = " + values.get(RING_BYTES) + ": a power of two is needed");
        }
        String machine = BenchReport.machine().entrySet().stream().map(RingsBench::line).collect(Collectors.joining());
        Process process = new ProcessBuilder(JavaCommand.ownJava(), "-XX:+UseSerialGC", "-cp",
                classPath(directory(values.get(BENCHMARKS))), COMPARISON, values.get(REPEAT).toString(),
                values.get(BETWEEN), values.get(DEPTHS), values.get(SIZES), values.get(RINGS),
                values.get(RING_BYTES).toString(), values.get(MILLIS).toString(), values.get(JSON) ? "json" : "table",
                machine).inheritIO().start();
        return process.waitFor();
    }

    private static String help() {
        return """
                Usage: isthmus bench rings [--depth A,B] [--bytes A,B] [--between A,B] [--rings A,B] [--json]

                Two threads or two processes: one keeps so many records under way, the other sends each back. One
                operation is one record one way, so that ns at depth 1 is the time of a hand-over; row raw is a cache
                line handed over without a queue. ratio = ns / ns of the best queue in the same lines.
                The rivals' libraries are on the class path of the benchmarks in the source tree:
                ./mvnw -q process-test-classes -pl benchmarks -am

                """ + OPTIONS.help();
    }

    private static String line(Map.Entry<String, String> entry) {
        return entry.getKey() + ": " + entry.getValue() + "\n";
    }

    private static String classPath(Path directory) throws IOException {
        return directory.resolve("test-classes") + File.pathSeparator + directory.resolve("classes")
                + File.pathSeparator + Files.readString(directory.resolve(CLASS_PATH_FILE)).strip();
    }

    private static Path directory(String given) {
        if (given != null) {
            return checkedBuild(Path.of(given));
        }
        for (Path path = ClassPath.ownLocation(); path != null; path = path.getParent()) {
            Path directory = path.resolve("benchmarks").resolve("target");
            if (Files.isRegularFile(directory.resolve(CLASS_PATH_FILE))) {
                return directory;
            }
        }
        throw new UsageException("the built benchmarks were not found above " + ClassPath.ownLocation()
                + "; in a source tree, run ./mvnw -q process-test-classes -pl benchmarks -am, or"
                + " give --benchmarks DIR");
    }

    private static Path checkedBuild(Path directory) {
        if (!Files.isRegularFile(directory.resolve(CLASS_PATH_FILE))) {
            throw new UsageException("option --benchmarks = \"" + directory + "\": there is no " + CLASS_PATH_FILE
                    + " in it; run ./mvnw -q process-test-classes -pl benchmarks -am and give its benchmarks/target");
        }
        return directory;
    }

    private static Function<String, String> numbers(int min, int max) {
        return text -> {
            for (String number : text.split(",", -1)) {
                int value = SettingParsers.integer(min, max).apply(number);
                if (value % min != 0) {
                    throw new IllegalArgumentException("multiples of " + min + " are needed");
                }
            }
            return text;
        };
    }

    private static String checked(String text, String word, String needed) {
        if (!text.matches("(" + word + ")(,(" + word + "))*")) {
            throw new IllegalArgumentException(needed);
        }
        return text;
    }
}
