package org.isthmus.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.isthmus.node.testing.Command;
import org.isthmus.node.testing.OurJar;
import org.isthmus.node.testing.TestHosts;

/**
 * What is tested here, as users have it: isthmus.jar, with the ahead-of-time cache that {@code ./isthmus}
 * makes beside it.
 */
final class IsthmusJar {
    static final Path EXAMPLES = Path.of("target", "isthmus-examples.jar").toAbsolutePath();
    static final Path CACHE = Path.of("target", "isthmus.aot").toAbsolutePath();
    static final Path JAR = withCache(Path.of("target", "isthmus.jar").toAbsolutePath());

    private IsthmusJar() {}

    private static Path withCache(Path jar) {
        try {
            if (!Files.exists(CACHE)
                    || Files.getLastModifiedTime(CACHE).compareTo(Files.getLastModifiedTime(jar)) < 0) {
                OurJar.makeCache(Command.JAVA, "-jar", jar.toString(), "aot");
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException("no ahead-of-time cache was made", e);
        }
    }

    /** An isthmus run on both hosts, launched from the first. */
    static List<String> run(TestHosts hosts, int ranksPerHost, String... arguments) {
        List<String> words = new ArrayList<>(hosts.on(1));
        words.addAll(List.of(Command.JAVA, "-jar", JAR.toString(), "run", "--hosts", hosts.list(ranksPerHost),
                "--agent", hosts.agent()));
        words.addAll(Arrays.asList(arguments));
        return words;
    }
}
