package org.isthmus.comm.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isthmus.node.testing.OurJar;

/**
 * Where the ranks of {@link ProgramJob} have their classes: in a jar with an ahead-of-time cache, both made before the
 * first job of this process and removed with it. The tests start hundreds of ranks, most of which live for a second.
 */
final class RankClasses {
    private static final int TRAINING_SECONDS = 120;
    private static List<String> options;

    private RankClasses() {}

    /** Options of a rank's JVM. */
    static synchronized List<String> options() throws IOException {
        if (options == null) {
            Path directory = Files.createTempDirectory("rank-classes");
            Path jar = directory.resolve("ranks.jar");
            Path cache = directory.resolve("ranks.aot");
            List<Path> files = List.of(cache, directory.resolve("ranks.aot.config"), jar, directory);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> OurJar.remove(files)));
            List<String> classPath = List.of("-cp", OurJar.write(jar));
            train(cache, classPath);
            options = List.of("-XX:AOTCache=" + cache, classPath.get(0), classPath.get(1));
        }
        return options;
    }

    private static void train(Path cache, List<String> classPath) throws IOException {
        try (ProgramJob job = ProgramJob.start(2, List.of("-XX:AOTCacheOutput=" + cache), classPath, ProgramMain.class,
                List.of("0", "PointToPointPrograms", "CollectivePrograms", "CommunicatorPrograms"))) {
            if (!job.await(TRAINING_SECONDS) || !Files.isRegularFile(cache)) {
                throw new IllegalStateException("no ahead-of-time cache for the ranks was made: " + job.report());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while an ahead-of-time cache was made", e);
        }
    }
}
