package org.isthmus.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.isthmus.node.config.NearestName;
import org.isthmus.node.config.SettingParsers;

/**
 * {@code isthmus bench allocator}: the allocator of the node segment beside a shared compare-and-set free list and the
 * allocators in C, each pair of allocator and workload in a process of its own, all of them in turn.
 */
final class AllocatorBench {
    /** Word after {@code isthmus bench}. */
    static final String TOPIC = "allocator";

    private static final String LOOPS = "org.isthmus.benchmarks.allocator.AllocatorBenchmark";
    private static final String OURS = "isthmus";
    private static final List<String> RIVALS = List.of("caslist", "glibc", "mimalloc", "jemalloc");
    /** Our own with one switch set otherwise; compared with on demand. */
    private static final List<String> VARIANTS = List.of("isthmus-checked", "isthmus-zero-header", "isthmus-zero-full",
            "isthmus-waste", "isthmus-stack-quarter", "isthmus-stack-4x", "isthmus-flush-1");
    private static final List<String> WORKLOADS = List.of("local-random", "local-lifo", "prodcons-64", "prodcons-4096",
            "prodcons-mixed", "process-64", "process-4096", "process-mixed", "larson", "sh8bench", "c7-10k", "c7-100k",
            "c7-1m", "c6-10k", "c6-100k", "c6-1m", "mixed-10k", "mixed-100k", "mixed-1m", "large", "big", "frag-power",
            "frag-log");
    private static final List<String> CHOICES = Stream.concat(RIVALS.stream(), VARIANTS.stream()).toList();
    /** jemalloc wants more static thread-local storage than a library loaded late gets otherwise. */
    private static final Map<String, String> JEMALLOC_ENVIRONMENT =
            Map.of("GLIBC_TUNABLES", "glibc.rtld.optional_static_tls=65536");

    private static final Option<List<String>> SELECTED_RIVALS =
            new Option<>(List.of("--rivals"), "A,B", String.join(",", RIVALS), text -> words(text, CHOICES),
            "Which to compare with: " + String.join(", ", CHOICES) + ".");
    private static final Option<List<String>> SELECTED_WORKLOADS = new Option<>(List.of("--workloads"), "A,B",
            String.join(",", WORKLOADS), text -> words(text, WORKLOADS), "What to measure.");
    private static final Option<Integer> REPEAT = new Option<>(List.of("--repeat"), "R", "3",
            SettingParsers.integer(1, 100), "Processes of each kind; the table shows medians.");
    private static final Option<Boolean> JSON = Option.flag("--json", "Print one JSON object with all values.");
    private static final OptionTable OPTIONS =
            new OptionTable(List.of(SELECTED_RIVALS, SELECTED_WORKLOADS, REPEAT, JSON));

    private AllocatorBench() {}

    static String help() {
        return """
                Usage: isthmus bench allocator [--rivals A,B] [--workloads A,B] [--repeat R] [--json]

                ns/pair: an allocation and its free; ns/block: a block from one thread or process to another;
                percent: part of the blocks that nobody asked for. Allocators in C are called through critical
                downcalls; "net" is without the cost of empty ones, two for a pair and one for a block.
                mimalloc / ours: how many times faster we are, median over the pairs of processes.
                caslist is one free list for each size in shared memory, by compare-and-set.

                """ + OPTIONS.help();
    }

    /** Runs it with the arguments after its name. */
    static int run(List<String> arguments) throws IOException, InterruptedException {
        OptionTable.Values values = OPTIONS.parse(arguments);
        if (values.get(OptionTable.HELP)) {
            System.out.print(help());
            return 0;
        }
        values.requireNoArgument("bench allocator");
        List<String> rivals = new ArrayList<>(List.of(OURS));
        rivals.addAll(values.get(SELECTED_RIVALS));
        AllocatorReport report = new AllocatorReport(rivals);
        try {
            for (int i = 1; i <= values.get(REPEAT); i++) {
                for (String workload : values.get(SELECTED_WORKLOADS)) {
                    System.err.printf("isthmus bench allocator: round %d of %d, %s ...%n",
                            i, values.get(REPEAT), workload);
                    for (String rival : rivals) {
                        if (!report.isAbsent(rival)) {
                            report.add(rival, workload, ChildOutput.of(command(rival, workload),
                                    rival.equals("jemalloc") ? JEMALLOC_ENVIRONMENT : Map.of()));
                        }
                    }
                }
            }
        } catch (ChildOutput.FailedException e) {
            System.err.println("isthmus bench allocator: " + e.getMessage());
            return 1;
        }
        System.out.print(values.get(JSON) ? report.json() : report.table());
        return 0;
    }

    private static List<String> command(String rival, String workload) {
        return List.of(JavaCommand.ownJava(), "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp",
                ClassPath.ofIsthmus(), LOOPS, rival, workload);
    }

    private static List<String> words(String text, List<String> allowed) {
        List<String> words = List.of(text.split(","));
        for (String word : words) {
            if (!allowed.contains(word)) {
                throw new IllegalArgumentException("a list of " + String.join(", ", allowed) + " is needed"
                        + NearestName.of(word, allowed).map(nearest -> "; did you mean " + nearest + "?").orElse(""));
            }
        }
        return words;
    }
}
