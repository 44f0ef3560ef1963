package org.isthmus.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.config.SettingParsers;
import org.isthmus.node.config.Settings;

/**
 * {@code isthmus bench}: runs the benchmark loops as a job and, where Open MPI is installed, their companion in C right
 * after it, several times in turn.
 */
final class BenchCommand implements Subcommand {
    private static final String LOOPS = "org.isthmus.benchmarks.JobBenchmark";
    private static final String RAW = "org.isthmus.benchmarks.RawPingPong";
    private static final String STANDARD = "init,lat:8,heaplat:8,lat:65536,heaplat:65536,rate:8,bw:8192,bw:65536,"
            + "bw:1048576,allreduce:1,allreduce:8192,barrier,bcast:65536,alltoall:64,"
            + "put:8,get:8,fetchandop";
    private static final long RAW_SECONDS = 60;

    private static final Option<Integer> RANKS = new Option<>(List.of("-n", "-np", "--np"), "N", null,
            SettingParsers.integer(1, 4096), "Number of ranks; default 2, or the slots of --hosts.");
    private static final Option<String> METRICS = new Option<>(List.of("--metrics"), "A,B", null, BenchCommand::metrics,
            "What to measure: lat:BYTES, heaplat:BYTES, bw:BYTES, rate:BYTES, allreduce:DOUBLES, barrier, bcast:BYTES, "
                    + "alltoall:BYTES, put:BYTES, get:BYTES, fetchandop, filewrite:BYTES, fileread:BYTES, "
                    + "init.");
    private static final Option<Integer> REPEAT = new Option<>(List.of("--repeat"), "R", "3",
            SettingParsers.integer(1, 100), "Jobs of each kind; the table shows medians.");
    private static final Option<HostList> HOSTS = new Option<>(List.of("--hosts"), "HOST:SLOTS,...", null,
            HostList::parse, "Run on these hosts; without -n on all their slots.");
    private static final Option<AgentCommand> AGENT = new Option<>(List.of("--agent"), "COMMAND", null,
            AgentCommand::parse, "How to run a command on {host}, the last word; by default ssh.");
    private static final Option<Boolean> ALONE = Option.flag("--alone", "Do not compare with Open MPI.");
    private static final Option<Boolean> JSON = Option.flag("--json", "Print one JSON object with all values.");
    private static final OptionTable OPTIONS = new OptionTable(List.of(RANKS, METRICS, REPEAT, HOSTS, AGENT,
            ALONE, JSON));

    @Override
    public String name() {
        return "bench";
    }

    @Override
    public String summary() {
        return "measure this machine, beside Open MPI in C where that is installed";
    }

    @Override
    public String help() {
        return """
                Usage: isthmus bench [-np N] [--hosts A:N,B:N] [--metrics A,B] [--repeat R] [--alone] [--json]
                       isthmus bench rings [--help]
                       isthmus bench allocator [--help]
                       isthmus bench qp [--help]

                Times are nanoseconds per operation (lat: one way), bw is MB/s, rate is messages/s; each value is the
                best of three rounds after one for warming up. Row raw is a cache line handed over between two JVMs
                without any of our code. With mpirun and mpicc of Open MPI on the PATH the same loops in C run in
                turn with ours; ratio = ours / Open MPI, median over the pairs of jobs. Over several hosts the
                temporary directory of this JVM (-Djava.io.tmpdir) must be one that all hosts see.

                """ + OPTIONS.help();
    }

    @Override
    public int run(List<String> arguments) throws Exception {
        if (!arguments.isEmpty() && arguments.getFirst().equals(AllocatorBench.TOPIC)) {
            return AllocatorBench.run(arguments.subList(1, arguments.size()));
        }
        if (!arguments.isEmpty() && arguments.getFirst().equals(QueuePairBench.NAME)) {
            return QueuePairBench.run(arguments.subList(1, arguments.size()));
        }
        OptionTable.Values values = OPTIONS.parse(arguments);
        if (values.get(OptionTable.HELP)) {
            System.out.print(help());
            return 0;
        }
        if (!values.rest().isEmpty() && values.rest().getFirst().equals(RingsBench.NAME)) {
            return RingsBench.run(values.rest().subList(1, values.rest().size()));
        }
        if (!values.rest().isEmpty()) {
            throw new UsageException("bench takes the argument " + RingsBench.NAME + " or none, got "
                    + values.rest().getFirst());
        }
        Settings.load();
        HostList hosts = values.get(HOSTS);
        AgentCommand agent = values.get(AGENT);
        if (hosts == null && agent != null) {
            throw new UsageException("--agent is for --hosts, which is missing");
        }
        int ranks = values.get(RANKS) != null ? values.get(RANKS) : hosts != null ? hosts.slots() : 2;
        String metrics = values.get(METRICS) != null ? values.get(METRICS) : standardMetrics(ranks);
        BenchReport report = new BenchReport(ranks);
        Optional<OpenMpi> peer = values.get(ALONE) ? Optional.empty() : OpenMpi.find();
        try {
            for (int i = 1; i <= values.get(REPEAT); i++) {
                System.err.printf("isthmus bench: round %d of %d ...%n", i, values.get(REPEAT));
                report.ours(rawPingPong());
                report.ours(ChildOutput.of(ourJob(ranks, hosts, agent, metrics), Map.of()));
                if (peer.isPresent()) {
                    report.theirs(ChildOutput.of(peer.get().command(ranks, hosts, agent, metrics),
                            OpenMpi.ENVIRONMENT));
                }
            }
        } catch (ChildOutput.FailedException e) {
            System.err.println("isthmus bench: " + e.getMessage());
            return 1;
        } finally {
            if (peer.isPresent()) {
                peer.get().close();
            }
        }
        System.out.print(values.get(JSON) ? report.json() : report.table());
        return 0;
    }

    private static String metrics(String text) {
        if (!text.matches("[a-z]+(:[0-9]+)?(,[a-z]+(:[0-9]+)?)*")) {
            throw new IllegalArgumentException("a list such as lat:8,barrier is needed");
        }
        return text;
    }

    /** Large messages say little where ranks wait for cores. */
    private static String standardMetrics(int ranks) {
        return ranks == 1 ? "init,allreduce:1,barrier" : ranks == 2 ? STANDARD
                : "init,lat:8,rate:8,allreduce:1,allreduce:8192,barrier,bcast:65536,alltoall:64";
    }

    private static List<String> ourJob(int ranks, HostList hosts, AgentCommand agent, String metrics) {
        List<String> command = new ArrayList<>(List.of(JavaCommand.ownJava(), "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-cp", ClassPath.ofIsthmus(), IsthmusCommand.class.getName(),
                "run", "-n", Integer.toString(ranks)));
        if (hosts != null) {
            command.addAll(List.of("--hosts", hosts.toString()));
        }
        if (agent != null) {
            command.addAll(List.of("--agent", String.join(" ", agent.words())));
        }
        command.addAll(List.of("--class-path", ClassPath.ofIsthmus(), LOOPS, metrics));
        return command;
    }

    private static Map<String, BenchReport.Value> rawPingPong()
            throws IOException, InterruptedException, ChildOutput.FailedException {
        Path directory = Files.isDirectory(Path.of("/dev/shm")) ? Path.of("/dev/shm") : null;
        Path file = directory == null ? Files.createTempFile("isthmus-bench", ".raw")
                : Files.createTempFile(directory, "isthmus-bench", ".raw");
        Process answering = null;
        try {
            answering = new ProcessBuilder(raw("1", file)).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return ChildOutput.of(raw("0", file), new LinkedHashMap<>());
        } finally {
            if (answering != null && !answering.waitFor(RAW_SECONDS, TimeUnit.SECONDS)) {
                answering.destroyForcibly();
            }
            Files.deleteIfExists(file);
        }
    }

    private static List<String> raw(String side, Path file) {
        return new ArrayList<>(List.of(JavaCommand.ownJava(), "-XX:+UseSerialGC", "-cp", ClassPath.ofIsthmus(), RAW,
                side, file.toString()));
    }
}
