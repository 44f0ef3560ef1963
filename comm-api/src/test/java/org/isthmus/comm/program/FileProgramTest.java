package org.isthmus.comm.program;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mpi.MPI;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files in jobs of one to five processes, with one thread and with several. */
class FileProgramTest {
    @TempDir
    static Path directory;

    @TestFactory
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    Stream<DynamicContainer> onOneToFiveRanks() throws Exception {
        Stream.Builder<DynamicContainer> jobs = Stream.builder();
        for (int ranks : new int[] {1, 2, 5}) {
            jobs.add(job(ranks, MPI.THREAD_SINGLE));
        }
        return jobs.add(job(3, MPI.THREAD_MULTIPLE)).build();
    }

    private static DynamicContainer job(int ranks, int threadLevel) throws Exception {
        Map<String, String> settings = Map.of(FilePrograms.DIRECTORY, directory.toString());
        return DynamicContainer.dynamicContainer(ranks + " ranks, thread level " + threadLevel,
                new ProgramSuite(ranks, threadLevel, settings).run(FilePrograms.class));
    }
}
