package org.isthmus.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;

/**
 * The one table of settings, and their values in this process. A setting is given as system property
 * {@code -Disthmus.x.y=value} or as environment variable {@code ISTHMUS_X_Y=value}; the property wins. A name with our
 * prefix that is not in the table, and a value that cannot be read, are errors: {@link SettingException} from
 * {@link #load}. Immutable once loaded, so any thread may read. {@code docs/configuration.md} is generated from it.
 */
public final class Settings {
    private static final List<Setting<?>> ROWS = new ArrayList<>();

    public static final Setting<Path> SHM_DIRECTORY = row("isthmus.shm.dir", "/dev/shm", SettingParsers::absolutePath,
            "Directory on a memory file system in which the ranks of a node share their segment.");
    public static final Setting<Duration> WIREUP_TIMEOUT = row("isthmus.wireup.timeout", "60s",
            SettingParsers::duration, "How long a starting rank waits for the other ranks of its job.");

    private final Map<Setting<?>, Object> values = new IdentityHashMap<>();
    private final Map<Setting<?>, String> texts = new IdentityHashMap<>();
    private final Map<Setting<?>, String> origins = new IdentityHashMap<>();

    private Settings() {}

    private static <T> Setting<T> row(String key, String text, Function<String, T> parser,
            String help) {
        Setting<T> setting = new Setting<>(key, text, parser, help);
        ROWS.add(setting);
        return setting;
    }

    /** All rows, in the order of the table. */
    public static List<Setting<?>> table() {
        return List.copyOf(ROWS);
    }

    /** The settings of this process, from its system properties and environment. */
    public static Settings load() {
        return of(System.getenv(), System.getProperties());
    }

    /** The settings that the given environment and system properties say. */
    public static Settings of(Map<String, String> environment, Properties properties) {
        refuseUnknown(environment, properties);
        Settings settings = new Settings();
        for (Setting<?> setting : ROWS) {
            settings.resolve(setting, environment, properties);
        }
        return settings;
    }

    /** The value in force. */
    @SuppressWarnings("unchecked")
    public <T> T get(Setting<T> setting) {
        return (T) values.get(setting);
    }

    /** The value in force, as it was written. */
    public String text(Setting<?> setting) {
        return texts.get(setting);
    }

    /** Where the value came from: "default", "environment ISTHMUS_X_Y" or "property isthmus.x.y". */
    public String origin(Setting<?> setting) {
        return origins.get(setting);
    }

    private void resolve(Setting<?> setting, Map<String, String> environment, Properties properties) {
        String text = properties.getProperty(setting.key());
        String origin = "property " + setting.key();
        if (text == null) {
            text = environment.get(setting.environmentName());
            origin = "environment " + setting.environmentName();
        }
        if (text == null) {
            text = setting.defaultText();
            origin = "default";
        }
        try {
            values.put(setting, setting.parser().apply(text));
        } catch (IllegalArgumentException e) {
            throw new SettingException("setting " + setting.key() + " = \"" + text + "\" (" + origin + "): "
                    + e.getMessage());
        }
        texts.put(setting, text);
        origins.put(setting, origin);
    }

    private static void refuseUnknown(Map<String, String> environment, Properties properties) {
        List<String> keys = new ArrayList<>();
        List<String> variables = new ArrayList<>();
        for (Setting<?> setting : ROWS) {
            keys.add(setting.key());
            variables.add(setting.environmentName());
        }
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith("isthmus.") && !keys.contains(name)) {
                throw unknown("system property", name, keys);
            }
        }
        for (String name : environment.keySet()) {
            if (name.startsWith("ISTHMUS_") && !variables.contains(name) && !LauncherVariables.ALL.contains(name)) {
                throw unknown("environment variable", name, variables);
            }
        }
    }

    private static SettingException unknown(String kind, String name, List<String> known) {
        Optional<String> nearest = NearestName.of(name, known);
        return new SettingException("unknown setting: " + kind + " " + name + " is not in the table of settings"
                + nearest.map(candidate -> "; did you mean " + candidate + "?").orElse("")
                + " (`isthmus info` lists all)");
    }
}
