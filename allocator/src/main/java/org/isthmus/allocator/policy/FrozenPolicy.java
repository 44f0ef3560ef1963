package org.isthmus.allocator.policy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Limits as text, so that what one run learned can be frozen for the next: lines {@code name value...}, lines that
 * begin with {@code #} are comments.
 */
public final class FrozenPolicy {
    private static final Set<String> NAMES = Set.of("generation", "stackCapacity", "refillBatch", "flushBatch",
            "retainedEmptySlabs", "maxWaste", "hugePageBytes", "releaseBatchBytes");

    private FrozenPolicy() {}

    /** The text of limits. Bytes cleared are a setting of their own and not in it. */
    public static String write(HeapLimits limits) {
        return "# limits of the heaps of a job\n"
                + "generation " + limits.generation() + "\n"
                + "stackCapacity " + numbers(limits.stackCapacity()) + "\n"
                + "refillBatch " + numbers(limits.refillBatch()) + "\n"
                + "flushBatch " + limits.flushBatch() + "\n"
                + "retainedEmptySlabs " + limits.retainedEmptySlabs() + "\n"
                + "maxWaste " + limits.maxWaste() + "\n"
                + "hugePageBytes " + limits.hugePageBytes() + "\n"
                + "releaseBatchBytes " + limits.releaseBatchBytes() + "\n";
    }

    /**
     * The limits of a text, within the bounds.
     *
     * @throws IllegalArgumentException that names the line, when one is missing, unknown or no number
     */
    public static HeapLimits read(String text, LimitBounds bounds) {
        Map<String, String> values = new HashMap<>();
        for (String line : text.lines().map(String::strip).filter(l -> !l.isEmpty() && !l.startsWith("#")).toList()) {
            String[] words = line.split("\\s+", 2);
            if (words.length < 2 || !NAMES.contains(words[0]) || values.put(words[0], words[1]) != null) {
                throw new IllegalArgumentException("frozen policy: the line \"" + line + "\" should be one of "
                        + String.join(", ", NAMES.stream().sorted().toList()) + ", once, and its value");
            }
        }
        return bounds.clamp(new HeapLimits(number(values, "generation", Long::valueOf),
                numbers(values, "stackCapacity"), numbers(values, "refillBatch"),
                number(values, "flushBatch", Integer::valueOf), number(values, "retainedEmptySlabs", Integer::valueOf),
                number(values, "maxWaste", Double::valueOf), 0, number(values, "hugePageBytes", Long::valueOf),
                number(values, "releaseBatchBytes", Long::valueOf)));
    }

    private static String numbers(int[] values) {
        return Arrays.stream(values).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }

    private static int[] numbers(Map<String, String> values, String name) {
        return number(values, name, text -> Arrays.stream(text.split("\\s+")).mapToInt(Integer::parseInt).toArray());
    }

    private static <T> T number(Map<String, String> values, String name, Function<String, T> parser) {
        String text = values.get(name);
        if (text == null) {
            throw new IllegalArgumentException("frozen policy: the line of " + name + " is missing");
        }
        try {
            return parser.apply(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("frozen policy: " + name + " = \"" + text + "\" is no number", e);
        }
    }
}
