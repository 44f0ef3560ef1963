package org.isthmus.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isthmus.node.testing.Command;
import org.isthmus.node.testing.OurJar;

/**
 * The isthmus command and the programs of these tests in one jar, with the ahead-of-time cache that {@code isthmus aot} makes
 * beside it: both are made before the first command of this process, and removed with it.
 */
final class CommandJar {
    private static String classPath;

    private CommandJar() {}

    static synchronized String classPath() throws IOException {
        if (classPath == null) {
            Path directory = Files.createTempDirectory("command");
            Path jar = directory.resolve("isthmus.jar");
            List<Path> files = List.of(directory.resolve("isthmus.aot"), jar, directory);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> OurJar.remove(files)));
            String written = OurJar.write(jar);
            OurJar.makeCache(Command.JAVA, "-cp", written, IsthmusCommand.class.getName(), "aot");
            classPath = written;
        }
        return classPath;
    }
}
