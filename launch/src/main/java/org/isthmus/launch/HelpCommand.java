package org.isthmus.launch;

import java.util.List;

/** {@code isthmus help [SUBCOMMAND]}. */
final class HelpCommand implements Subcommand {
    @Override
    public String name() {
        return "help";
    }

    @Override
    public String summary() {
        return "show this list, or the help of a subcommand";
    }

    @Override
    public String help() {
        StringBuilder text = new StringBuilder("""
                Usage: isthmus SUBCOMMAND ...

                MPI in Java for fat nodes.

                Subcommands:
                """);
        for (Subcommand subcommand : IsthmusCommand.SUBCOMMANDS) {
            text.append(String.format("  %-10s %s%n", subcommand.name(), subcommand.summary()));
        }
        return text.append("""

                `isthmus help SUBCOMMAND` shows its options.
                First try: isthmus run -n 4 examples/allreduce
                """).toString();
    }

    @Override
    public int run(List<String> arguments) {
        System.out.print(arguments.isEmpty() ? help() : IsthmusCommand.find(arguments.getFirst()).help());
        return 0;
    }
}
