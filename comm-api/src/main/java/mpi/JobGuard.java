package mpi;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Map;
import org.isthmus.comm.Engine;

/**
 * Ends the whole job when this rank ends in any way but {@code MPI.Finalize}: by an uncaught exception, or by leaving
 * the JVM too early. Without it the other ranks would wait for messages that never come. And ends this rank when
 * another one failed, unless the program wants to go on: when the world's error handler is {@code ERRORS_RETURN}.
 *
 * <p>The failing rank prints what happened; the others end silently, a moment later, with its exit code, so that the
 * launcher sees the failing one first. A program may call {@code MPI.Finalize} in a shutdown hook.
 */
final class JobGuard {
    private static final int FAILURE = 1;
    private static final int SIGNALLED = 143;
    private static final long GRACE_MILLIS = 200;
    private static final long HOOK_POLL_MILLIS = 5;
    /** How much longer than rank 0 others wait before they say that they leave, so as to hear rank 0 first. */
    private static final long LATER_MILLIS = 100;
    /** The JVM's name for the thread that runs the shutdown hooks when all other threads have ended. */
    private static final String MAIN_RETURNED = "DestroyJavaVM";

    private final Engine engine;
    private final int rank;
    private volatile boolean finalized;
    private volatile boolean failedElsewhere;

    private JobGuard(Engine engine) {
        this.engine = engine;
        this.rank = engine.world().rank();
    }

    /** Watches from now on; an uncaught exception handler that the program has set is left in place. */
    static JobGuard install(Engine engine) {
        JobGuard guard = new JobGuard(engine);
        if (Thread.getDefaultUncaughtExceptionHandler() == null) {
            Thread.setDefaultUncaughtExceptionHandler(guard::onUncaught);
        }
        engine.onFailure(new Engine.FailureHandler() {
            @Override
            public void beforeWaitsEnd() {
                guard.failedElsewhere = true;
            }

            @Override
            public void onFailure(int failedRank, int exitCode, String description) {
                guard.onFailureElsewhere(failedRank, exitCode, description);
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(guard::onShutdown, "mpi-job-guard"));
        return guard;
    }

    /** From now on this rank may end as it likes. */
    void onFinalize() {
        finalized = true;
    }

    private void onUncaught(Thread thread, Throwable error) {
        StringWriter trace = new StringWriter();
        PrintWriter out = new PrintWriter(trace);
        out.println("rank " + rank + ": uncaught exception in thread " + thread.getName());
        error.printStackTrace(out);
        out.flush();
        System.err.print(trace);
        if (!finalized && engine.survivesFailures()) {
            Runtime.getRuntime().halt(FAILURE);
        } else if (!finalized) {
            engine.abort(FAILURE, trace.toString());
        }
    }

    private void onFailureElsewhere(int failedRank, int exitCode, String description) {
        failedElsewhere = true;
        if (MPI.COMM_WORLD.errhandler() == Errhandler.RETURN && !engine.survivesFailures() || finalized) {
            return;
        }
        if (failedRank < 0) {
            System.err.println("rank " + rank + ": " + description + "; the job ends");
        }
        try {
            Thread.sleep(GRACE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(exitCode);
    }

    /** Whether another rank has failed, so that {@link #onFailureElsewhere} is about to end this one. */
    boolean isEnding() {
        return failedElsewhere && (engine.survivesFailures() || MPI.COMM_WORLD.errhandler() != Errhandler.RETURN);
    }

    /**
     * When all ranks leave without Finalize, the job must not look like a success: rank 0 says so first, the others
     * hear it and end with its failure. The code given to System.exit cannot be seen from here, so it stays.
     */
    private void onShutdown() {
        if (finalized || engine.survivesFailures()) {
            return;
        }
        if (!failedElsewhere && endsBySignal()) {
            engine.reportFailure(SIGNALLED, "rank " + rank + " was told to end by a signal");
            return;
        }
        awaitProgramsHooks(rank == 0 ? GRACE_MILLIS : GRACE_MILLIS + LATER_MILLIS);
        if (finalized) {
            return;
        }
        if (failedElsewhere) {
            awaitEnd();
            return;
        }
        String message = "rank " + rank + " left without MPI.Finalize: the job ends";
        System.err.println(message);
        engine.reportFailure(FAILURE, message);
        if (mainReturned(Thread.getAllStackTraces()) && engine.world().size() > 1) {
            Runtime.getRuntime().halt(FAILURE);
        }
    }

    /** Gives {@link #onFailureElsewhere}, if it is about to end this process, the time for it. */
    private void awaitEnd() {
        try {
            for (long waited = 0; isEnding() && waited < 2 * GRACE_MILLIS; waited += HOOK_POLL_MILLIS) {
                Thread.sleep(HOOK_POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Shutdown hooks run side by side: waits for those of the program, one of which may call MPI.Finalize. */
    private void awaitProgramsHooks(long leastMillis) {
        long start = System.nanoTime();
        try {
            while (!finalized && !failedElsewhere
                    && (System.nanoTime() - start < leastMillis * 1_000_000 || hooksRun())) {
                Thread.sleep(HOOK_POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a thread is in Finalize, or main has returned and there is a thread that is neither daemon nor ours. */
    private static boolean hooksRun() {
        Map<Thread, StackTraceElement[]> threads = Thread.getAllStackTraces();
        boolean mainReturned = mainReturned(threads);
        return threads.entrySet().stream().anyMatch(entry -> {
            Thread thread = entry.getKey();
            boolean other = thread != Thread.currentThread() && !thread.getName().equals(MAIN_RETURNED);
            return other && (mainReturned && !thread.isDaemon() || Arrays.stream(entry.getValue()).anyMatch(frame ->
                    frame.getMethodName().equals("Finalize") && frame.getClassName().equals(MPI.class.getName())));
        });
    }

    private static boolean mainReturned(Map<Thread, StackTraceElement[]> threads) {
        return threads.keySet().stream().anyMatch(thread -> thread.getName().equals(MAIN_RETURNED));
    }

    private static boolean endsBySignal() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().matches("SIG[A-Z]+ handler"));
    }
}
