package org.isthmus.comm.program;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mpi.MPI;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs programs in as few jobs as possible and reports each as a test: a job runs all of them one after another; when
 * one fails, a new job goes on after it.
 */
final class ProgramSuite {
    private static final int JOB_SECONDS = Integer.getInteger("programs.seconds", 300);

    private final int ranks;
    private final int threadLevel;
    private final Map<String, String> settings;

    ProgramSuite(int ranks, int threadLevel, Map<String, String> settings) {
        this.ranks = ranks;
        this.threadLevel = threadLevel;
        this.settings = settings;
    }

    /** The programs of some classes as tests, already run. */
    static Stream<DynamicTest> run(int ranks, Class<?>... classes) throws IOException, InterruptedException {
        return new ProgramSuite(ranks, MPI.THREAD_SINGLE, Map.of()).run(classes);
    }

    Stream<DynamicTest> run(Class<?>... classes) throws IOException, InterruptedException {
        List<String> remaining = new ArrayList<>();
        for (Class<?> type : classes) {
            Arrays.stream(type.getDeclaredMethods()).filter(this::applies).sorted(Comparator.comparing(Method::getName))
                    .forEach(method -> remaining.add(type.getSimpleName() + "#" + method.getName()));
        }
        String selected = System.getProperty("programs.only", "");
        remaining.removeIf(name -> !name.contains(selected));
        List<DynamicTest> tests = new ArrayList<>();
        while (!remaining.isEmpty()) {
            runJob(remaining, tests);
        }
        return tests.stream();
    }

    private boolean applies(Method method) {
        Program program = method.getAnnotation(Program.class);
        return program != null && ranks >= program.minRanks() && ranks <= program.maxRanks();
    }

    /** Moves the programs that this job has run, the last one perhaps in vain, from {@code remaining} to tests. */
    private void runJob(List<String> remaining, List<DynamicTest> tests) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(Integer.toString(threadLevel)));
        arguments.addAll(remaining);
        try (ProgramJob job = ProgramJob.start(ranks, ProgramMain.class, arguments, settings)) {
            boolean ended = job.await(JOB_SECONDS);
            while (!remaining.isEmpty() && passed(job, remaining.getFirst())) {
                tests.add(DynamicTest.dynamicTest(remaining.removeFirst(), () -> {}));
            }
            boolean clean = ended && job.exitCodes().stream().allMatch(code -> code == 0)
                    && job.leftInSharedMemory().isEmpty();
            if (!remaining.isEmpty() || !clean) {
                String name = remaining.isEmpty() ? "end of the job" : remaining.removeFirst();
                String report = name + " on " + ranks + " ranks " + (ended ? "failed" : "does not end")
                        + ", left in shared memory: " + job.leftInSharedMemory() + "\n" + job.report();
                tests.add(DynamicTest.dynamicTest(name, () -> {
                    throw new AssertionError(report);
                }));
            }
        }
    }

    private boolean passed(ProgramJob job, String name) throws IOException {
        for (int rank = 0; rank < ranks; rank++) {
            if (!job.output(rank).lines().anyMatch((ProgramMain.PASSED + name)::equals)) {
                return false;
            }
        }
        return true;
    }
}
