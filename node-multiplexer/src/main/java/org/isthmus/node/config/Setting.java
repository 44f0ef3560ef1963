package org.isthmus.node.config;

import java.util.Locale;
import java.util.function.Function;

/**
 * One row of the settings table.
 *
 * @param key name as a system property, {@code isthmus.x.y}
 * @param defaultText value when nobody set one, in the syntax the parser reads
 * @param parser turns text into a value; throws {@link IllegalArgumentException} that says what is allowed
 * @param help one sentence for people
 * @param <T> type of the value
 */
public record Setting<T>(String key, String defaultText, Function<String, T> parser, String help) {
    /** Name as an environment variable: {@code ISTHMUS_X_Y}. */
    public String environmentName() {
        return key.replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
