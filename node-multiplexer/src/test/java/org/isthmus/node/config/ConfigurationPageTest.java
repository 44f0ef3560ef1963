package org.isthmus.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/configuration.md is generated from the table; run with -Dupdate.docs=true to write it. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    @Test
    void pageSaysWhatTheTableSays() throws Exception {
        StringBuilder page = new StringBuilder("""
                # Configuration

                Each setting is a system property (`-Disthmus.x.y=value`) or an environment variable
                (`ISTHMUS_X_Y=value`); the property wins. A misspelt name or a malformed value is an error.
                `isthmus info` shows the values in force and where each comes from.
                This page is generated from `org.isthmus.node.config.Settings`.

                | property | environment variable | default | meaning |
                |---|---|---|---|
                """);
        for (Setting<?> setting : Settings.table()) {
            page.append("| `").append(setting.key()).append("` | `").append(setting.environmentName()).append("` | `")
                    .append(setting.defaultText()).append("` | ").append(setting.help()).append(" |\n");
        }
        if (Boolean.getBoolean("update.docs")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }
        assertEquals(page.toString(), Files.readString(PAGE));
    }
}
