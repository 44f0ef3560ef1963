package org.isthmus.node.spi;

import java.util.List;
import java.util.Locale;

/**
 * What a backend counts for each of its channels; {@link Channel#counter} gives the values.
 *
 * @param backend its name
 * @param rows in the order of the counters' numbers
 */
public record BackendCounters(String backend, List<Row> rows) {
    /**
     * One counter.
     *
     * @param name lower case with hyphens, at most 40 bytes
     * @param meaning one phrase for people
     */
    public record Row(String name, String meaning) {}

    public BackendCounters {
        rows = List.copyOf(rows);
    }

    /** The name of a row that is a constant: {@code SENDS_PRESSED_BACK} is {@code sends-pressed-back}. */
    public static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
