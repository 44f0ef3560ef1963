package org.isthmus.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a command that prints lines {@code METRIC UNIT VALUE}, and reads them. Its messages go to standard error. */
final class ChildOutput {
    private ChildOutput() {}

    /** The command did not do its work. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        FailedException(String message) {
            super(message);
        }
    }

    static Map<String, BenchReport.Value> of(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException, FailedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(process::destroy));
        process.getOutputStream().close();
        Map<String, BenchReport.Value> values = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                if (words.length == 3 && words[2].matches("[0-9]+\\.[0-9]")) {
                    values.put(words[0], new BenchReport.Value(words[1], Double.parseDouble(words[2])));
                } else {
                    System.err.println(line);
                }
            }
        }
        int code = process.waitFor();
        if (code != 0 || values.isEmpty()) {
            throw new FailedException("the command failed with exit code " + code + ": " + String.join(" ", command));
        }
        return values;
    }
}
