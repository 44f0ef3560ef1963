package org.isthmus.launch;

import java.util.List;
import org.isthmus.launch.simulate.FaultOutcome;
import org.isthmus.launch.simulate.FaultPlan;
import org.isthmus.launch.simulate.FaultSimulation;
import org.isthmus.launch.simulate.InvariantException;
import org.isthmus.node.config.SettingParsers;

/** {@code isthmus simulate faults}: multiplexers under loss, delay, reordering and death, seed after seed. */
final class FaultsSimulation {
    static final String NAME = "faults";

    private static final Option<Integer> SEED = new Option<>(List.of("--seed"), "S", "1",
            SettingParsers.integer(0, Integer.MAX_VALUE), "The first seed.");
    private static final Option<Integer> SEEDS = new Option<>(List.of("--seeds"), "N", "1000",
            SettingParsers.integer(1, 100_000_000), "How many seeds, one after the other.");
    private static final OptionTable OPTIONS = new OptionTable(List.of(SEED, SEEDS));

    private FaultsSimulation() {}

    /** Runs the seeds; returns 1 at the first that breaks an invariant. */
    static int run(List<String> arguments) {
        OptionTable.Values values = OPTIONS.parse(arguments);
        if (values.get(OptionTable.HELP)) {
            System.out.print(help());
            return 0;
        }
        values.requireNoArgument("simulate faults");
        long messages = 0;
        long lost = 0;
        long overtaken = 0;
        long deaths = 0;
        for (long seed = values.get(SEED); seed < (long) values.get(SEED) + values.get(SEEDS); seed++) {
            FaultOutcome outcome;
            try {
                outcome = FaultSimulation.run(FaultPlan.of(seed));
            } catch (InvariantException e) {
                System.err.println("isthmus simulate faults: " + e.getMessage()
                        + "\nAgain: isthmus simulate faults --seeds 1 --seed " + seed);
                return 1;
            }
            messages += outcome.delivered();
            lost += outcome.lost();
            overtaken += outcome.overtaken();
            deaths += outcome.told() > 0 ? 1 : 0;
        }
        System.out.printf("%d seeds: %d messages arrived once and in order,"
                + " %d packets lost, %d overtaken, %d deaths told%n",
                values.get(SEEDS), messages, lost, overtaken, deaths);
        return 0;
    }

    private static String help() {
        return """
                Usage: isthmus simulate faults [--seed S] [--seeds N]

                Each seed chooses a small job and what goes wrong in it: packets lost, doubled, delayed, reordered, tries
                refused, ranks that pause, a node killed. Checks that every message between living ranks arrives once, in
                order and whole, that nothing hangs, and that a death is told to all nodes. Ends with 1 at the first seed
                that fails.

                """ + OPTIONS.help();
    }
}
