package mpi;

import org.isthmus.comm.Engine;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.pt2pt.Envelope;

/**
 * This process between {@code Init} and {@code Finalize}: its engine, thread level and main thread.
 *
 * <p>States: before {@link #start} no engine; running; after {@link #finish} no engine and {@link #isFinalized()}.
 */
final class Session {
    private static final Envelope ENVELOPE = new Envelope();

    private static volatile Engine engine;
    /** The engine itself, where {@link #engine} may be one that counts calls. */
    private static volatile Engine joined;
    private static volatile boolean finalized;
    private static boolean countersAtEnd;
    private static volatile int threadLevel;
    private static volatile Thread mainThread;

    private Session() {}

    /** The engine of a running session. */
    static Engine engine() throws MPIException {
        Engine e = engine;
        if (e == null) {
            throw new MPIException(finalized ? "MPI is finalized." : "MPI is not initialized.");
        }
        return e;
    }

    /** The engine, null outside a session: for calls that the API lets do without one. */
    static Engine engineOrNull() {
        return engine;
    }

    static void check() throws MPIException {
        engine();
    }

    /** Takes up work on {@code started}. */
    static synchronized void start(Engine started, int level) {
        UserBuffer.useMemory(started.memory());
        threadLevel = level;
        mainThread = Thread.currentThread();
        joined = started;
        watch();
        if (countersAtEnd) {
            printCountersAtEnd();
        }
    }

    /** Lets the session, this one or the next, print this rank's counters when it ends. */
    static synchronized void printCountersAtEnd() {
        countersAtEnd = true;
        if (joined != null) {
            joined.printCountersAtEnd();
        }
    }

    /** Puts what counts calls before the engine, or takes it away, as {@link CallStatistics} wants. */
    static synchronized void watch() {
        Engine real = joined;
        if (real != null) {
            engine = CallStatistics.isCounting() ? CallStatistics.watched(real) : real;
        }
    }

    static synchronized void finish() {
        finalized = true;
        joined = null;
        engine = null;
    }

    /** Refuses a second start. */
    static void checkFresh() {
        if (engine != null || finalized) {
            throw new CommException(ErrorClass.OTHER, finalized
                    ? "MPI.Init after MPI.Finalize: a process can join its job only once"
                    : "MPI.Init was called twice: call it once, at the start of main");
        }
    }

    static boolean isInitialized() {
        return engine != null || finalized;
    }

    static boolean isFinalized() {
        return finalized;
    }

    /**
     * Where a blocking receive notes its result. One for the process unless threads receive at the same time; read it
     * before the next receive.
     */
    static Envelope envelope() {
        return threadLevel == Constant.THREAD_MULTIPLE ? new Envelope() : ENVELOPE;
    }

    static int threadLevel() {
        return threadLevel;
    }

    static boolean isMainThread() {
        return Thread.currentThread() == mainThread;
    }
}
