package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Sources fit a screen: no line is longer than 120 characters, but in texts that are printed as they stand. */
class SourceLinesTest {
    private static final int LONGEST = 120;
    private static final String TEXT = "\"\"\"";

    @Test
    void linesAreAtMost120Long() throws IOException {
        List<String> tooLong = new ArrayList<>();
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path sources : modules.map(module -> module.resolve("src")).filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.walk(sources)) {
                    for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                        check(file, tooLong);
                    }
                }
            }
        }
        assertEquals(List.of(), tooLong);
    }

    private static void check(Path file, List<String> tooLong) throws IOException {
        boolean inText = false;
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            boolean isText = inText;
            inText ^= line.contains(TEXT) && line.indexOf(TEXT) == line.lastIndexOf(TEXT);
            if (!isText && line.length() > LONGEST) {
                tooLong.add(file.getFileName() + ":" + number);
            }
        }
    }
}
