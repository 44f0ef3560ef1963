package org.isthmus.node.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.isthmus.node.spi.BackendCounters;

/**
 * docs/counters.md, whose sections are generated from the tables of counters; tests that compare it write it when they
 * run with -Dupdate.docs=true.
 */
public final class CountersPage {
    private static final Path PAGE = Path.of("..", "docs", "counters.md");

    private CountersPage() {}

    /** Compares the section of a backend with what it counts. */
    public static void check(BackendCounters counters) throws IOException {
        StringBuilder section = new StringBuilder("## Backend ").append(counters.backend()).append("\n\n")
                .append("| counter | meaning |\n|---|---|\n");
        for (BackendCounters.Row row : counters.rows()) {
            assertTrue(row.name().matches("[a-z-]{1,40}"), row.name());
            section.append("| `").append(row.name()).append("` | ").append(row.meaning()).append(" |\n");
        }
        check(section.toString());
    }

    /** Compares a section that begins with its heading and ends before the next. */
    static void check(String section) throws IOException {
        String page = Files.readString(PAGE);
        String heading = section.substring(0, section.indexOf('\n') + 1);
        int start = page.indexOf(heading);
        int next = start < 0 ? -1 : page.indexOf("\n## ", start);
        String found = start < 0 ? "" : page.substring(start, next < 0 ? page.length() : next);
        if (Boolean.getBoolean("update.docs")) {
            String changed = start < 0 ? page + "\n" + section : page.replace(found, section);
            Files.writeString(PAGE, changed);
        } else {
            assertEquals(section, found);
        }
    }
}
