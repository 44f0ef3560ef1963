package org.isthmus.launch;

import java.util.List;
import java.util.function.Function;

/**
 * One row of a command's option table.
 *
 * @param names how it is written, with dashes, the preferred one first
 * @param placeholder what stands for the value in the help, null for a flag without value
 * @param defaultText value when it is not given, null for none
 * @param parser turns text into a value; throws {@link IllegalArgumentException} that says what is allowed
 * @param help one sentence for people
 * @param <T> type of the value
 */
record Option<T>(List<String> names, String placeholder, String defaultText, Function<String, T> parser, String help) {
    static Option<Boolean> flag(String name, String help) {
        return new Option<>(List.of(name), null, "false", Boolean::parseBoolean, help);
    }

    T parse(String text) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("option " + names.getFirst() + " = \"" + text + "\": " + e.getMessage());
        }
    }
}
