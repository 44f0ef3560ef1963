package org.isthmus.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.isthmus.node.bootstrap.RankPlace;

/** Starts the processes of a job: environment and streams of each rank. */
final class RankStarter {
    private static final int KEY_BYTES = 16;
    private static final long LAST_OUTPUT_MILLIS = 1000;

    private final JobPrograms programs;
    private final boolean tagOutput;
    private final String jobKey;
    private final List<Thread> taggers = new ArrayList<>();

    RankStarter(JobPrograms programs, boolean tagOutput) {
        this.programs = programs;
        this.tagOutput = tagOutput;
        jobKey = newJobKey();
    }

    /** A text that no other job has. */
    static String newJobKey() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return HexFormat.of().formatHex(key);
    }

    /** Puts our java and isthmus.jar first where a rank's own commands look. */
    static void completePaths(Map<String, String> environment) {
        String path = environment.getOrDefault("PATH", "");
        environment.put("PATH", ClassPath.join(Path.of(System.getProperty("java.home"), "bin").toString(), path));
        environment.put("CLASSPATH", ClassPath.join(ClassPath.ofIsthmus(), environment.getOrDefault("CLASSPATH", ".")));
    }

    /** What the user sets in rank 0. */
    Map<String, String> environment() {
        return programs.of(0).environment();
    }

    int size() {
        return programs.size();
    }

    String jobKey() {
        return jobKey;
    }

    Process start(int rank) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(programs.of(rank).command());
        Map<String, String> environment = builder.environment();
        completePaths(environment);
        environment.putAll(programs.of(rank).environment());
        new RankPlace(rank, size(), rank, size()).tell(environment, jobKey, programs.indexOf(rank),
                programs.sizes());
        builder.redirectInput(rank == 0 ? ProcessBuilder.Redirect.INHERIT
                : ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        if (!tagOutput) {
            return builder.redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        }
        Process process = builder.start();
        taggers.add(tag(rank, process.getInputStream(), System.out));
        taggers.add(tag(rank, process.getErrorStream(), System.err));
        return process;
    }

    /** Waits a moment for output that is still on its way. */
    void drainOutput() throws InterruptedException {
        for (Thread tagger : taggers) {
            tagger.join(LAST_OUTPUT_MILLIS);
        }
    }

    private static Thread tag(int rank, InputStream input, PrintStream output) {
        return Thread.ofPlatform().daemon().name("output-of-rank-" + rank).start(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    output.println("[" + rank + "] " + line);
                }
            } catch (IOException e) {
                output.println("[" + rank + "] (output lost: " + e + ")");
            }
        });
    }
}
