package org.isthmus.node.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names that this process publishes, and those that another one left. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PublishedNamesTest {
    @TempDir
    Path directory;

    private List<Path> left() throws IOException {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.toList();
        }
    }

    @Test
    void arePrivateAndGoneWhenTakenBack() throws IOException {
        try (PublishedNames names = new PublishedNames(directory)) {
            assertTrue(names.publish("a/b ü", "the port"));
            assertFalse(names.publish("a/b ü", "another"));
            assertEquals(Optional.of("the port"), names.lookup("a/b ü"));
            assertEquals(Optional.empty(), names.lookup("a"));
            Path base = left().getFirst();
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(base)));
            try (Stream<Path> files = Files.list(base)) {
                for (Path file : files.toList()) {
                    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
                }
            }
            assertFalse(names.unpublish("a/b ü", "another"));
            assertTrue(names.unpublish("a/b ü", "the port"));
            assertFalse(names.unpublish("a/b ü", "the port"));
            assertEquals(Optional.empty(), names.lookup("a/b ü"));
            assertEquals(List.of(), left());
            assertTrue(names.publish("a/b ü", "at the end"));
            assertTrue(names.publish("second", "at the end"));
        }
        assertEquals(List.of(), left());
    }

    @Test
    void ofAKilledProcessCountForNothing() throws Exception {
        Process publisher = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                Publisher.class.getName(), directory.toString()).start();
        try (PublishedNames names = new PublishedNames(directory)) {
            assertEquals('p', publisher.getInputStream().read());
            assertEquals(Optional.of("a port"), names.lookup("service"));
            assertFalse(names.publish("service", "mine"));
            publisher.destroyForcibly().waitFor();
            assertEquals(Optional.empty(), names.lookup("service"));
            assertTrue(names.publish("service", "mine"));
        } finally {
            publisher.destroyForcibly();
        }
        assertEquals(List.of(), left());
    }

    @Test
    void aDirectoryThatOthersCanReadIsRefused() throws IOException {
        PublishedNames names = new PublishedNames(directory);
        assertTrue(names.publish("service", "port"));
        Path base = left().getFirst();
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
        String message = assertThrows(BootstrapException.class, () -> names.publish("other", "port")).getMessage();
        assertTrue(message.contains("0755"), message);
        names.close();
    }

    /** Publishes, says so, and waits to be killed. */
    static final class Publisher {
        private Publisher() {}

        public static void main(String[] args) throws Exception {
            new PublishedNames(Path.of(args[0])).publish("service", "a port");
            System.out.print("p");
            System.out.flush();
            Thread.currentThread().join();
        }
    }
}
