package org.isthmus.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a command as a user would, and keeps what it prints. */
record Command(int exitCode, String output, String errors) {
    static final Path JAR = Path.of("target", "isthmus.jar").toAbsolutePath();
    static final Path EXAMPLES = Path.of("target", "isthmus-examples.jar").toAbsolutePath();
    static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final long SECONDS = 300;

    static Command run(Map<String, String> environment, String... words) throws IOException, InterruptedException {
        Path output = Files.createTempFile("isthmus", ".out");
        Path errors = Files.createTempFile("isthmus", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(List.of(words)).redirectOutput(output.toFile())
                    .redirectError(errors.toFile()).redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            return new Command(process.exitValue(), Files.readString(output), Files.readString(errors));
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    /** Whether the command can be started at all. */
    static boolean exists(String name) {
        return search(name).isPresent();
    }

    /** Where a command that exists lies. */
    static Path find(String name) {
        return search(name).orElseThrow(() -> new IllegalStateException(name + " is not on the PATH"));
    }

    private static Optional<Path> search(String name) {
        return Stream.of(System.getenv("PATH").split(":")).map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable).findFirst();
    }
}
