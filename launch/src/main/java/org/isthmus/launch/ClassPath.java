package org.isthmus.launch;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the classes lie that a rank needs. */
final class ClassPath {
    private static final String EXAMPLES_JAR = "isthmus-examples.jar";

    private ClassPath() {}

    /** isthmus.jar, or the class path of this process if it was not started from that jar. */
    static String ofIsthmus() {
        Path own = ownLocation();
        return Files.isDirectory(own) ? System.getProperty("java.class.path") : own.toString();
    }

    /** The jar with the examples, beside isthmus.jar. */
    static Optional<Path> examplesJar() {
        return Optional.of(ownLocation().resolveSibling(EXAMPLES_JAR)).filter(Files::isRegularFile);
    }

    static String join(String first, String second) {
        return second == null || second.isEmpty() ? first : first + File.pathSeparator + second;
    }

    static Path ownLocation() {
        try {
            return Path.of(ClassPath.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the location of isthmus.jar is no path", e);
        }
    }
}
