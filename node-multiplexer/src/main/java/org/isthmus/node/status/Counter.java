package org.isthmus.node.status;

import java.util.Locale;

/**
 * One row of the tables of counters, {@link RankCounter} and {@link LinkCounter}; {@code docs/counters.md} is generated
 * from them. A counter only grows, unless its meaning begins with "now".
 */
public interface Counter {
    /** The enum constant's name. */
    String name();

    /** What is counted: messages, bytes, times ... */
    String unit();

    /** One phrase for people. */
    String meaning();

    /** Name in reports: lower case with hyphens. */
    default String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
