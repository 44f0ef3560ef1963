package org.isthmus.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.bootstrap.CacheOptions;
import org.isthmus.node.bootstrap.RankPlace;

/**
 * The JDK's ahead-of-time cache of our classes and of how they are used (JEP 483, 514, 515), beside isthmus.jar: with
 * it a rank starts with about half the work, which counts when many ranks start on few cores.
 *
 * <p>It is made by a short job of two ranks that exercises the usual calls. A cache older than isthmus.jar is not used.
 */
final class AotCache {
    private static final String NAME = "isthmus.aot";
    private static final long TRAINING_SECONDS = 60;

    private AotCache() {}

    /**
     * The options by which the JVM {@code java} uses the cache; none if there is none for it. A JVM whose other options
     * do not go with the cache (modules, another collector, a source file as program) starts without it, in silence.
     */
    static List<String> optionsFor(String java) {
        Path jar = Path.of(ClassPath.ofIsthmus());
        Path cache = jar.resolveSibling(NAME);
        try {
            boolean usable = java.equals(JavaCommand.ownJava()) && Files.isRegularFile(jar)
                    && Files.isRegularFile(cache)
                    && Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar)) >= 0;
            return usable ? CacheOptions.of(cache.toString()) : List.of();
        } catch (IOException e) {
            return List.of(); // removed meanwhile: ranks start without it
        }
    }

    /** Makes the cache anew. */
    static Path make() throws IOException, InterruptedException {
        Path jar = Path.of(ClassPath.ofIsthmus());
        if (!Files.isRegularFile(jar)) {
            throw new UsageException("a cache is made for isthmus.jar, but these classes do not come from a jar");
        }
        Path work = Files.createTempDirectory(jar.toAbsolutePath().getParent(), "aot");
        try {
            Path cache = work.resolve(NAME);
            train(jar, cache, work.resolve("log"));
            return Files.move(cache, jar.resolveSibling(NAME), StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } finally {
            for (Path file : List.of(work.resolve(NAME), work.resolve(NAME + ".config"), work.resolve("log"), work)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void train(Path jar, Path cache, Path log) throws IOException, InterruptedException {
        String jobKey = RankStarter.newJobKey();
        List<Process> ranks = new ArrayList<>();
        try {
            ranks.add(start(0, jobKey, jar, List.of("-XX:AOTCacheOutput=" + cache), log));
            ranks.add(start(1, jobKey, jar, List.of(), log));
            for (Process rank : ranks) {
                if (!rank.waitFor(TRAINING_SECONDS, TimeUnit.SECONDS) || rank.exitValue() != 0) {
                    throw new IOException("the training job failed: " + Files.readString(log));
                }
            }
        } finally {
            ranks.forEach(Process::destroyForcibly);
        }
        if (!Files.isRegularFile(cache)) {
            throw new IOException("the JVM made no cache: " + Files.readString(log));
        }
    }

    private static Process start(int rank, String jobKey, Path jar, List<String> options, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of(JavaCommand.ownJava(), "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC"));
        command.addAll(CompileAdvice.options());
        command.addAll(CompileAdvice.trainingOptions());
        command.addAll(options);
        command.addAll(List.of("-cp", jar.toString(), TrainingProgram.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Map<String, String> environment = builder.environment();
        new RankPlace(rank, 2, rank, 2).tell(environment, jobKey, 0, "2");
        return builder.start();
    }
}
