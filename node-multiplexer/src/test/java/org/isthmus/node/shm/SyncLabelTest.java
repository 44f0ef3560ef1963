package org.isthmus.node.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each release has its acquire: a label {@code SYNC(x)} of the main sources stands at two places in code at least.
 * Mentions in the running text of a Javadoc, such as a layout's table, describe a word and do not count.
 */
class SyncLabelTest {
    private static final Pattern LABEL = Pattern.compile("SYNC\\(([^)]*)\\)");

    @Test
    void everyLabelHasItsOtherSide() throws IOException {
        Map<String, List<String>> places = new TreeMap<>();
        for (Path source : mainSources()) {
            find(source, places);
        }
        assertTrue(places.size() >= 5, "found only " + places);
        for (String known : List.of("ring.publish", "ring.credit", "mailbox.publish", "block.return",
                "segment.ready")) {
            assertTrue(places.containsKey(known), known);
        }
        places.values().removeIf(where -> where.size() > 1);
        assertEquals(Map.of(), places, "labels that stand once");
    }

    @Test
    void aLabelInRunningTextIsNoSide() {
        Map<String, List<String>> places = new TreeMap<>();
        find("A", List.of(" *   0  word u64  owner, release: SYNC(a.b)", "    /** SYNC(c.d): after. */",
                "        x.setRelease(1); // SYNC(a.b)"), places);
        assertEquals(Map.of("a.b", List.of("A:3"), "c.d", List.of("A:2")), places);
    }

    private static void find(Path source, Map<String, List<String>> places) throws IOException {
        find(source.getFileName().toString(), Files.readAllLines(source), places);
    }

    private static void find(String name, List<String> lines, Map<String, List<String>> places) {
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).stripLeading().startsWith("* ")) {
                Matcher label = LABEL.matcher(lines.get(i));
                while (label.find()) {
                    places.computeIfAbsent(label.group(1), l -> new ArrayList<>()).add(name + ":" + (i + 1));
                }
            }
        }
    }

    private static List<Path> mainSources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(projectRoot())) {
            for (Path module : modules.filter(m -> Files.isDirectory(m.resolve("src/main/java"))).toList()) {
                try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                }
            }
        }
        return sources;
    }

    private static Path projectRoot() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("node-multiplexer/pom.xml"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
