package org.isthmus.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JavaCommandTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"-cp a.jar", "-classpath a.jar", "--class-path a.jar", "--class-path=a.jar"})
    void ourJarComesFirstOnTheClassPath(String option) {
        List<String> command = command(option + " App -cp b.jar");
        assertEquals(ClassPath.join(ClassPath.ofIsthmus(), "a.jar"), command.get(command.indexOf("-cp") + 1));
        assertEquals(List.of("App", "-cp", "b.jar"), command.subList(command.size() - 3, command.size()));
    }

    @Test
    void aProgramWithoutAClassPathGetsTheDefault() {
        List<String> command = command("App");
        assertEquals(ClassPath.join(ClassPath.ofIsthmus(), "default"), command.get(command.indexOf("-cp") + 1));
    }

    @Test
    void defaultsGiveWayToTheUsersOptions() {
        assertTrue(command("App").containsAll(List.of("-XX:+UseSerialGC", "-Xms32m")));
        List<String> command = command("-XX:+UseG1GC -Xmx2g --add-modules java.sql App");
        assertFalse(command.contains("-XX:+UseSerialGC"));
        assertFalse(command.contains("-Xms32m"));
        assertEquals(List.of("-XX:+UseG1GC", "-Xmx2g", "--add-modules", "java.sql", "App"),
                command.subList(command.size() - 5, command.size()));
    }

    @Test
    void aJarsMainClassIsStartedByName() throws IOException {
        Path jar = jar("App");
        List<String> command = command("-jar " + jar + " argument");
        assertEquals(ClassPath.join(ClassPath.ofIsthmus(), jar.toString()), command.get(command.indexOf("-cp") + 1));
        assertEquals(List.of("App", "argument"), command.subList(command.size() - 2, command.size()));
    }

    @Test
    void aJarWithoutAMainClassIsAnError() throws IOException {
        String arguments = "-jar " + jar(null);
        assertTrue(assertThrows(UsageException.class, () -> command(arguments)).getMessage().contains("Main-Class"));
    }

    private static List<String> command(String arguments) {
        return new JavaCommand(List.of(arguments.split(" ")), "default").build("java", List.of());
    }

    private Path jar(String main) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (main != null) {
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main);
        }
        Path jar = directory.resolve("app.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }
}
