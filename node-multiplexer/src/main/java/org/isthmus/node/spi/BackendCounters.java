package org.isthmus.node.spi;

import java.util.List;

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
}
