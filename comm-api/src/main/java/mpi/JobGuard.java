package mpi;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.isthmus.comm.Engine;

/**
 * Ends the whole job when this rank ends in any way but {@code MPI.Finalize}: by an uncaught exception, or by leaving
 * the JVM too early. Without it the other ranks would wait for messages that never come.
 */
final class JobGuard {
    private static final int FAILURE = 1;

    private final Engine engine;
    private final int rank;
    private volatile boolean finalized;

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
        if (!finalized) {
            engine.abort(FAILURE, trace.toString());
        }
    }

    private void onShutdown() {
        if (!finalized) {
            String message = "rank " + rank + " left without MPI.Finalize: the job ends";
            System.err.println(message);
            engine.abort(FAILURE, message);
        }
    }
}
