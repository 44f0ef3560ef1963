package org.isthmus.examples.options;

import java.util.Arrays;

/**
 * What the user asked of the allreduce example.
 *
 * @param counts elements of each message size to measure
 * @param type double, float, int or long
 * @param op sum, prod, max or min
 * @param iterations reductions timed for each size; 0: as many as take a moment
 */
public record AllreduceOptions(int[] counts, String type, String op, int iterations) {
    public static final String HELP = """
            usage: examples/allreduce [options]
            Reduces an array over all ranks, checks the result, and prints the time of one allReduce for each size.

              --sizes N[,N...]   elements of the array             (default 1,64,1024,16384,131072)
              --type NAME        double, float, int or long        (default double)
              --op NAME          sum, prod, max or min             (default sum)
              --iterations N     reductions timed for each size    (default: about 20 million elements' worth)
              --help             this text
            """;

    /** Reads the command line. Throws {@link IllegalArgumentException} that names what is wrong with it. */
    public static AllreduceOptions parse(String[] args) {
        int[] counts = {1, 64, 1024, 16384, 131072};
        String type = "double";
        String op = "sum";
        int iterations = 0;
        for (int i = 0; i < args.length; i += 2) {
            String value = i + 1 < args.length ? args[i + 1] : null;
            switch (args[i]) {
                case "--sizes" -> counts = Arrays.stream(required(args[i], value).split(","))
                        .mapToInt(text -> number("--sizes", text, 1)).toArray();
                case "--type" -> type = oneOf(args[i], value, "double", "float", "int", "long");
                case "--op" -> op = oneOf(args[i], value, "sum", "prod", "max", "min");
                case "--iterations" -> iterations = number(args[i], value, 1);
                default -> throw new IllegalArgumentException("unknown option " + args[i] + "; see --help");
            }
        }
        return new AllreduceOptions(counts, type, op, iterations);
    }

    /** Reductions to time for an array of {@code count} elements on {@code ranks} ranks. */
    public int iterationsFor(int count, int ranks) {
        return iterations > 0 ? iterations : Math.clamp(20_000_000L / count / ranks, 10, 20_000);
    }

    private static int number(String option, String text, int least) {
        try {
            int value = Integer.parseInt(required(option, text).trim());
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " needs a whole number, not \"" + text + "\"", e);
        }
        throw new IllegalArgumentException(option + " needs a number from " + least + ", not " + text);
    }

    private static String oneOf(String option, String value, String... allowed) {
        if (!Arrays.asList(allowed).contains(required(option, value))) {
            throw new IllegalArgumentException(
                    option + " needs one of " + String.join(", ", allowed) + ", not \"" + value + "\"");
        }
        return value;
    }

    private static String required(String option, String value) {
        if (value == null) {
            throw new IllegalArgumentException(option + " needs a value; see --help");
        }
        return value;
    }
}
