package org.isthmus.node.shm;

import java.io.IOException;
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
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "-XX:+UseSerialGC", "-Xmx128m",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /** The same, running, with its output among this process's. */
    public static Process start(Class<?> main, String... arguments) throws IOException {
        List<String> all = new ArrayList<>();
        all.add(main.getName());
        all.addAll(List.of(arguments));
        return builder(all.toArray(String[]::new)).inheritIO().start();
    }
}
