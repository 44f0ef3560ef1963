package org.isthmus.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.isthmus.launch.simulate.Costs;
import org.isthmus.launch.simulate.Design;
import org.isthmus.launch.simulate.NicModel;
import org.isthmus.launch.simulate.Report;
import org.isthmus.launch.simulate.Scenario;
import org.isthmus.launch.simulate.Simulation;
import org.isthmus.launch.simulate.Traffic;
import org.isthmus.launch.simulate.Variable;
import org.isthmus.node.config.SettingParsers;

/** {@code isthmus simulate}: how designs of queue pairs scale, with the project's own multiplexer in virtual time. */
final class SimulateCommand implements Subcommand {
    private static final String ALL = "all";
    private static final int MOST = 1_000_000;
    /** Ranks of a job of which every node is simulated; each node has a segment of its own. */
    private static final int MOST_WHOLE = 4096;

    private static final Option<Integer> NODES = new Option<>(List.of("--nodes"), "N", "16",
            SettingParsers.integer(2, Scenario.MAX_NODES), "Nodes of the job.");
    private static final Option<Integer> RANKS = new Option<>(List.of("--ranks"), "P", "64",
            SettingParsers.integer(1, Scenario.MAX_RANKS), "Ranks of each node.");
    private static final Option<List<Design>> DESIGNS = new Option<>(List.of("--designs"), "A,B", ALL,
            text -> text.equals(ALL) ? List.of(Design.values()) : list(text, Design::named),
            "all-pairs, process-to-node, dc, ud, shared, two-level, or all.");
    private static final Option<List<Integer>> SHARDS = new Option<>(List.of("--shards"), "K,K", "1,2,3,4",
            text -> list(text, SettingParsers.integer(1, Scenario.MAX_SHARDS)),
            "Shards of a multiplexer: threads, and queue pairs for each remote node.");
    private static final Option<List<NicModel>> PRESET = new Option<>(List.of("--preset"), "A,B", "B",
            text -> text.equals(ALL) ? NicModel.PRESETS : list(text, NicModel::preset),
            "Network card: A (ConnectX-3), B, C (ConnectX-6, pessimistic and survey), D (ConnectX-6, writes), or all.");
    private static final Option<Integer> CACHE = new Option<>(List.of("--cache"), "CONTEXTS", null,
            SettingParsers.integer(1, MOST), "Contexts that the card holds, instead of the preset's.");
    private static final Option<Integer> MISS = new Option<>(List.of("--miss"), "NS", null,
            SettingParsers.integer(0, MOST), "What a miss costs, instead of the preset's.");
    private static final Option<NicModel.Replacement> REPLACEMENT =
            new Option<>(List.of("--replacement"), "lru|random", "lru",
            text -> NicModel.Replacement.valueOf(SettingParsers.oneOf(List.of("lru", "random")).apply(text)
                    .toUpperCase(Locale.ROOT)), "Which context makes room in a full cache.");
    private static final Option<Integer> BYTES = new Option<>(List.of("--bytes"), "BYTES", "8",
            SettingParsers.integer(Long.BYTES, Scenario.MAX_BYTES), "Bytes of a message.");
    private static final Option<Integer> WINDOW = new Option<>(List.of("--window"), "W", "32",
            SettingParsers.integer(1, 100_000), "Messages of a rank under way.");
    private static final Option<Integer> BURST = new Option<>(List.of("--burst"), "B", "1",
            SettingParsers.integer(1, 100_000), "Messages that a rank sends to one destination in a row.");
    private static final Option<Traffic.Pattern> TRAFFIC = new Option<>(List.of("--traffic"), "PATTERN", "uniform",
            Traffic.Pattern::named, "uniform, sweep (all ranks in turn) or neighbours (eight nodes).");
    private static final Option<Integer> MESSAGES = new Option<>(List.of("--messages"), "M", null,
            SettingParsers.integer(1, 10_000_000), "Messages of each rank; by default 200,000 of a node.");
    private static final Option<Integer> ACTIVE = new Option<>(List.of("--active"), "A", "0",
            SettingParsers.integer(0, Scenario.MAX_NODES), "Channels of a shard that may send at a time; 0: all.");
    private static final Option<Integer> HOLD = new Option<>(List.of("--hold"), "MICROS", "10",
            SettingParsers.integer(0, 1000), "Most time that a multiplexer holds a batch open; 0: never.");
    private static final Option<Integer> RECORD =
            new Option<>(List.of("--record"), "NS", null, SettingParsers.integer(0, MOST),
            "Time of a multiplexer's thread for a message, on each side; by default 45.");
    private static final Option<Integer> ROUND = new Option<>(List.of("--round"), "NS", null,
            SettingParsers.integer(0, MOST), "Its time for a round that finds messages; by default 620.");
    private static final Option<Integer> SEED = new Option<>(List.of("--seed"), "S", "1",
            SettingParsers.integer(0, Integer.MAX_VALUE), "Of all random choices.");
    private static final Option<String> DETAIL = new Option<>(List.of("--detail"), "auto|whole|sample", "auto",
            SettingParsers.oneOf(List.of("auto", "whole", "sample")),
            "Every node, or one among mirrors of itself; auto: every node up to 256 ranks in all.");
    private static final Option<Sweep> SWEEP = new Option<>(List.of("--sweep"), "VARIABLE:V,V", null, Sweep::parse,
            "Repeat with these values of nodes, ranks, cache, miss, burst, window, active or bytes.");
    private static final Option<Path> CSV = new Option<>(List.of("--csv"), "FILE", null, SimulateCommand::file,
            "Write all rows as CSV.");
    private static final Option<Path> SVG = new Option<>(List.of("--svg"), "FILE", null, SimulateCommand::file,
            "Write a plot over what is swept.");
    private static final OptionTable OPTIONS =
            new OptionTable(List.of(NODES, RANKS, DESIGNS, SHARDS, PRESET, CACHE, MISS, REPLACEMENT,
            BYTES, WINDOW, BURST, TRAFFIC, MESSAGES, ACTIVE, HOLD, RECORD, ROUND, SEED, DETAIL, SWEEP, CSV, SVG));

    /** Values of one variable. */
    private record Sweep(Variable variable, List<Integer> values) {
        static Sweep parse(String text) {
            int colon = text.indexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException("a variable and its values are needed, such as nodes:2,16,128");
            }
            return new Sweep(Variable.named(text.substring(0, colon)),
                    list(text.substring(colon + 1), SettingParsers.integer(0, MOST)));
        }
    }

    @Override
    public String name() {
        return "simulate";
    }

    @Override
    public String summary() {
        return "simulate many nodes: queue pairs, memory, rates and latencies of several designs";
    }

    @Override
    public String help() {
        return """
                Usage: isthmus simulate [--nodes N] [--ranks P] [--designs A,B] [--preset A,B] [--sweep VARIABLE:V,V] ...
                       isthmus simulate faults [--help]

                Runs the project's own multiplexer code in virtual time over a model of the network and of cards that
                hold a bounded number of contexts. Same options, same result. One row for each design: figures of one
                node; `card M/s` is what the card alone would carry, `cache` its rate as part of the peak, latencies are
                microseconds from rank to rank. docs/simulate.md says what is exact, what is a model, what a sample.

                """ + OPTIONS.help();
    }

    @Override
    public int run(List<String> arguments) throws IOException {
        if (!arguments.isEmpty() && arguments.getFirst().equals(FaultsSimulation.NAME)) {
            return FaultsSimulation.run(arguments.subList(1, arguments.size()));
        }
        OptionTable.Values values = OPTIONS.parse(arguments);
        if (values.get(OptionTable.HELP)) {
            System.out.print(help());
            return 0;
        }
        if (!values.rest().isEmpty()) {
            throw new UsageException("simulate takes the argument " + FaultsSimulation.NAME + " or none, got "
                    + values.rest().getFirst());
        }
        Sweep sweep = values.get(SWEEP);
        if (values.get(SVG) != null && sweep == null) {
            throw new UsageException("--svg plots over what is varied: give --sweep VARIABLE:V,V too");
        }
        if (values.get(SVG) != null && sweep.values.contains(0)) {
            throw new UsageException("--svg has logarithmic axes: leave the value 0 out of --sweep");
        }
        List<Scenario> scenarios = scenarios(values, sweep);
        Report report = new Report(sweep == null ? null : sweep.variable);
        System.out.println(Report.heading());
        for (Scenario scenario : scenarios) {
            var figures = Simulation.run(scenario);
            report.add(figures);
            System.out.println(report.line(figures));
        }
        if (values.get(CSV) != null) {
            Files.writeString(values.get(CSV), report.csv());
        }
        if (values.get(SVG) != null) {
            Files.writeString(values.get(SVG), report.svg());
        }
        return 0;
    }

    private static List<Scenario> scenarios(OptionTable.Values values, Sweep sweep) {
        List<Scenario> scenarios = new ArrayList<>();
        for (NicModel preset : values.get(PRESET)) {
            NicModel nic = adjusted(preset, values);
            for (Design design : values.get(DESIGNS)) {
                for (int shards : design.isMultiplexed() ? values.get(SHARDS) : List.of(1)) {
                    UnaryOperator<Scenario> options = base -> options(base, values).withDesign(design, shards);
                    addAll(scenarios, values, sweep, nic, options);
                }
            }
        }
        return scenarios;
    }

    private static void addAll(List<Scenario> scenarios, OptionTable.Values values, Sweep sweep, NicModel nic,
            UnaryOperator<Scenario> options) {
        int nodes = values.get(NODES);
        int ranks = values.get(RANKS);
        if (sweep == null) {
            scenarios.add(options.apply(Scenario.of(nodes, ranks, Design.SHARED, nic)));
            return;
        }
        for (int value : sweep.values) {
            try {
                scenarios.add(switch (sweep.variable) {
                    case NODES -> options.apply(Scenario.of(value, ranks, Design.SHARED, nic));
                    case RANKS -> options.apply(Scenario.of(nodes, value, Design.SHARED, nic));
                    default ->
                            sweep.variable.apply(options.apply(Scenario.of(nodes, ranks, Design.SHARED, nic)), value);
                });
            } catch (IllegalArgumentException e) {
                throw new UsageException("option --sweep: " + e.getMessage());
            }
        }
    }

    private static NicModel adjusted(NicModel preset, OptionTable.Values values) {
        NicModel nic = preset.withReplacement(values.get(REPLACEMENT));
        nic = values.get(CACHE) == null ? nic : nic.withContexts(values.get(CACHE));
        return values.get(MISS) == null ? nic : nic.withMissNanos(values.get(MISS));
    }

    private static Scenario options(Scenario base, OptionTable.Values values) {
        Costs costs = Costs.PUBLISHED;
        costs = values.get(RECORD) == null ? costs : costs.withRecord(values.get(RECORD));
        costs = values.get(ROUND) == null ? costs : costs.withRound(values.get(ROUND));
        Scenario scenario = base.withLoad(values.get(BYTES), values.get(WINDOW), values.get(BURST), values.get(TRAFFIC))
                .withActive(values.get(ACTIVE)).withHoldMicros(values.get(HOLD))
                .withSeed(values.get(SEED)).withCosts(costs);
        scenario = values.get(MESSAGES) == null ? scenario : scenario.withMessages(values.get(MESSAGES));
        if (values.get(DETAIL).equals("whole") && scenario.nodes() * scenario.ranks() > MOST_WHOLE) {
            throw new UsageException("option --detail = whole: at most " + MOST_WHOLE + " ranks in all, not "
                    + scenario.nodes() * scenario.ranks() + "; take sample");
        }
        return values.get(DETAIL).equals("auto") ? scenario : scenario.withWhole(values.get(DETAIL).equals("whole"));
    }

    private static Path file(String text) {
        Path path = Path.of(text).toAbsolutePath();
        if (!Files.isDirectory(path.getParent()) || Files.isDirectory(path)) {
            throw new IllegalArgumentException("a file in a directory that exists is needed");
        }
        return path;
    }

    private static <T> List<T> list(String text, Function<String, T> parser) {
        return Arrays.stream(text.split(",", -1)).map(parser).toList();
    }
}
