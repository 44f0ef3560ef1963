package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.isthmus.node.testing.Command;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program of README.md, run as it says there: the right lines, and nothing beside them. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ReadmeTest {
    private static final String BEGIN = "```java\n";
    private static final List<String> FOUR_RANKS = List.of("rank 0 of 4: the ranks add up to 6",
            "rank 1 of 4: the ranks add up to 6", "rank 2 of 4: the ranks add up to 6",
            "rank 3 of 4: the ranks add up to 6");

    @TempDir
    Path directory;

    private Path source;

    @BeforeEach
    void writeProgram() throws IOException {
        String page = Files.readString(Path.of("..", "README.md"));
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        source = directory.resolve("App.java");
        Files.writeString(source, page.substring(begin, page.indexOf("```", begin)));
    }

    private static void assertPrinted(List<String> lines, String... command) throws Exception {
        Command job = Command.run(Map.of(), command);
        assertEquals("", job.errors());
        assertEquals(lines, job.output().lines().sorted().toList());
        assertEquals(0, job.exitCode());
    }

    private void compile() {
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-cp", IsthmusJar.JAR.toString(),
                "-d", directory.toString(), source.toString()));
    }

    @Test
    void fromItsSource() throws Exception {
        assertPrinted(FOUR_RANKS, Command.JAVA, "-jar", IsthmusJar.JAR.toString(), "run", "-n", "4",
                source.toString());
    }

    @Test
    void compiled() throws Exception {
        compile();
        assertPrinted(FOUR_RANKS, Command.JAVA, "-jar", IsthmusJar.JAR.toString(), "run", "-n", "4", "java", "-cp",
                directory.toString(), "App");
        assertPrinted(List.of("rank 0 of 1: the ranks add up to 0"), Command.JAVA, "-cp",
                IsthmusJar.JAR + File.pathSeparator + directory, "App");
    }

    /** The ahead-of-time cache was made without them. */
    @Test
    void withOptionsOfModules() throws Exception {
        compile();
        assertPrinted(FOUR_RANKS, Command.JAVA, "-jar", IsthmusJar.JAR.toString(), "run", "-n", "4", "java",
                "--add-opens", "java.base/java.lang=ALL-UNNAMED", "-cp", directory.toString(), "App");
    }
}
