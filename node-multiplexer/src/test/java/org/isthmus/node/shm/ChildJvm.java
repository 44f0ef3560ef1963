package org.isthmus.node.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Java processes with this one's JDK and class path, for tests between processes. */
public final class ChildJvm {
    private ChildJvm() {}

    /** A process; {@code arguments} are JVM options, the main class and its arguments. */
    public static ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "-XX:+UseSerialGC", "-Xmx128m"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    /** Starts {@code main}; its output is for {@link #outputOf}. */
    public static Process start(Class<?> main, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(main.getName()));
        all.addAll(List.of(arguments));
        return builder(all.toArray(String[]::new)).start();
    }

    /** What a process that ends well has printed. */
    public static String outputOf(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
