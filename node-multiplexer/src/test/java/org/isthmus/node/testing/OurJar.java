package org.isthmus.node.testing;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Our modules' part of this process's class path in one jar, for tests that start many JVMs: an ahead-of-time cache, with
 * which a JVM starts with about half the work, can be made for jars only.
 */
public final class OurJar {
    private static final String SERVICES = "META-INF/services/";

    private final ZipOutputStream output;
    private final Set<String> names = new HashSet<>();

    private OurJar(ZipOutputStream output) {
        this.output = output;
    }

    /**
     * Writes the jar.
     *
     * @return the class path of this process, with the jar in front of what is not ours
     */
    public static String write(Path jar) throws IOException {
        List<String> classPath = new ArrayList<>(List.of(jar.toString()));
        try (ZipOutputStream output = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(jar)))) {
            output.setLevel(1);
            OurJar ours = new OurJar(output);
            for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
                Path path = Path.of(element);
                if (Files.isDirectory(path)) {
                    ours.addDirectory(path);
                } else if (path.getFileName().toString().startsWith("isthmus-")) {
                    ours.addJar(path);
                } else {
                    classPath.add(element);
                }
            }
        }
        return String.join(File.pathSeparator, classPath);
    }

    /**
     * Makes the ahead-of-time cache beside a jar.
     *
     * @param command {@code isthmus aot}, started from that jar
     */
    public static void makeCache(String... command) throws IOException {
        try {
            Command made = Command.run(Map.of(), command);
            if (made.exitCode() != 0) {
                throw new IllegalStateException("no ahead-of-time cache was made: " + made.errors());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while an ahead-of-time cache was made", e);
        }
    }

    /** Removes what may be there, in this order; what cannot be is named. */
    public static void remove(List<Path> files) {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                System.err.println(file + " stays behind: " + e);
            }
        }
    }

    private void addDirectory(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            try (InputStream content = Files.newInputStream(file)) {
                add(directory.relativize(file).toString(), content);
            }
        }
    }

    private void addJar(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (ZipEntry entry : file.stream().filter(Predicate.not(ZipEntry::isDirectory)).toList()) {
                try (InputStream content = file.getInputStream(entry)) {
                    add(entry.getName(), content);
                }
            }
        }
    }

    /** The first file of a name counts, as on a class path. */
    private void add(String name, InputStream content) throws IOException {
        if (names.add(name)) {
            output.putNextEntry(new ZipEntry(name));
            content.transferTo(output);
            output.closeEntry();
        } else if (name.startsWith(SERVICES)) {
            throw new IOException("two modules have the file " + name + ", which one jar cannot hold");
        }
    }
}
