package org.isthmus.node.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command that was run as a user would, and what it has printed. */
public record Command(int exitCode, String output, String errors) {
    public static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final long SECONDS = 300;

    /** Runs it to its end, with variables in addition to those of this process. */
    public static Command run(Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("isthmus", ".out");
        Path errors = Files.createTempFile("isthmus", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(List.of(words)).redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
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
}
