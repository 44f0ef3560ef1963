package org.isthmus.launch.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The files in which a Linux kernel says what it is like; a test has a root directory of its own. */
final class Machine {
    private static final int MOST_BYTES = 1 << 16;

    private final Path root;

    Machine(Path root) {
        this.root = root;
    }

    Path path(String absolute) {
        return root.resolve(absolute.substring(1));
    }

    /** The text of a file without blanks around it; empty if it is not there or may not be read. */
    Optional<String> read(String absolute) {
        // /proc/sys answers only the first read, and Files.readString reads one byte of a file of size 0 first
        try (InputStream file = Files.newInputStream(path(absolute))) {
            return Optional.of(new String(file.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            return Optional.empty(); // what cannot be read is as unknown as what is not there
        }
    }

    /** Names in a directory, sorted; none if it is not there. */
    List<String> list(String absolute) throws IOException {
        try (Stream<Path> files = Files.list(path(absolute))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
