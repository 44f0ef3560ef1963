package org.isthmus.comm;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.isthmus.comm.coll.Collectives;
import org.isthmus.comm.dynamic.DynamicProcesses;
import org.isthmus.comm.fault.Failures;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.group.CommunicatorFactory;
import org.isthmus.comm.progress.Progress;
import org.isthmus.comm.pt2pt.PointToPoint;
import org.isthmus.comm.rma.WindowFactory;

/**
 * The engine of this rank: one per process, from start to {@link #finish()}.
 *
 * <p>With several threads every call into it, {@link Progress#await} included, is made between {@link #enter()} and
 * {@link #exit()}; waits give the lock away meanwhile.
 */
public interface Engine {
    /** Joins the job and builds the engine; returns when this rank can send and receive. */
    static Engine start(boolean multiThreaded) {
        return EngineStarter.start(multiThreaded);
    }

    Communicator world();

    Communicator self();

    /** Node of a process of another job. */
    int ELSEWHERE = -1;

    /** Number of the node that rank {@code worldRank} of the job runs on, equal on all ranks; or {@link #ELSEWHERE}. */
    int nodeOf(int worldRank);

    CommunicatorFactory communicators();

    /** Processes of other jobs: meeting them, and starting them. */
    DynamicProcesses processes();

    Collectives collectives(Communicator communicator);

    /** Makes windows for one-sided communication. */
    WindowFactory windows();

    Progress progress();

    PointToPoint pointToPoint();

    /** The node's data segment, shared by all its ranks. */
    MemorySegment memory();

    /**
     * Zeroed memory in native order; given back when the buffer and its views are unreachable. It lies in the data
     * segment, or, when that is full, in this process alone: then messages from it are copied by the sender too.
     */
    ByteBuffer allocateMessageBuffer(int bytes);

    /** Takes the engine lock; does nothing below THREAD_MULTIPLE. */
    void enter();

    void exit();

    /**
     * Told, once, on a thread of the engine's, that another rank or the launcher failed; every wait then ends in an
     * error.
     */
    interface FailureHandler {
        /** @param rank who failed, -1 for the launcher */
        void onFailure(int rank, int exitCode, String description);

        /** Told before that, and before any wait ends in an error because of it. */
        default void beforeWaitsEnd() {}
    }

    /** Sets who is told of failures elsewhere in the job; told at once when one came before. */
    void onFailure(FailureHandler handler);

    /** Whether the job goes on when it loses a rank ({@code isthmus.failure=survive}). */
    default boolean survivesFailures() {
        return failures() != null;
    }

    /** What is known of lost ranks; null in a job that ends with its first failure. */
    Failures failures();

    /** Tells the whole job that this rank is ending, with {@code code}, and why; may run in a shutdown hook. */
    void reportFailure(int code, String message);

    /** Ends the job with {@code code}; {@code message} names the cause. Does not return; may run in a shutdown hook. */
    void abort(int code, String message);

    /** Lets {@link #finish} print on {@code System.err} what this rank has counted; any thread. */
    void printCountersAtEnd();

    /** Leaves the job in an orderly way; collective over the world. */
    void finish();
}
