package org.isthmus.node.bootstrap;

import java.nio.channels.FileChannel;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.isthmus.node.endpoint.NodeRanks;

/**
 * A rank's membership of its node for the length of the job: brings all local ranks together around one segment file,
 * and tells each rank when another one dies.
 */
public interface NodeSession extends AutoCloseable {
    JobIdentity identity();

    /** Which ranks of the job are here. */
    NodeRanks ranks();

    /**
     * Joins the nodes of a job on several, once this node's segment is there; does nothing for a job on one. All ranks
     * of the job call it.
     *
     * @param oversubscribed whether nobody on this node spins
     * @return by shard of the multiplexer, the path of its {@link org.isthmus.node.endpoint.Bell}; empty for none
     * @throws BootstrapException if the nodes do not come together, with the reason
     */
    String[] joinNodes(boolean oversubscribed);

    /** Number of the node that a rank of the job runs on. */
    int nodeOf(int rank);

    /** How many processors the local ranks have together, however the launcher bound them. */
    int processors();

    /**
     * The node's segment file, open for reading and writing, zero-filled and of size 0 at first; the same file in every
     * local rank. Its name is gone as soon as all ranks have opened it.
     */
    FileChannel segment();

    /**
     * Sets the handler that is told, once, that another rank (or the launcher) failed. Called on the session's own
     * thread; also called at once when the failure came first.
     */
    void onFailure(Consumer<Failure> handler);

    /**
     * Sets the handler that is told which local ranks' processes have ended without leaving: each once, by local rank,
     * and proven, not guessed from silence. Called on the session's own thread.
     */
    void onLocalDeath(IntConsumer handler);

    /**
     * Sets the handler that is told of each rank that is lost in a job which survives that
     * ({@code isthmus.failure=survive}), possibly more than once. Called on the session's own thread; also called at
     * once for those that were lost before.
     */
    void onLoss(Consumer<Failure> handler);

    /**
     * Sets what the session's own thread calls about once a second or more often, if it has one: a job of one rank
     * without a launcher has none.
     */
    void onTick(Runnable handler);

    /** Tells every rank of the job that this one failed; returns when the message is in the kernel's hands. */
    void reportFailure(int exitCode, String description);

    /** Returns when all other ranks of this node have closed their sessions; for local rank 0, once all will. */
    void awaitOthers();

    /** Orderly departure, after all ranks agreed that the job is over: no failure is reported any more. */
    @Override
    void close();

    /**
     * A failure somewhere in the job.
     *
     * @param rank who failed, -1 for the launcher
     * @param exitCode what the job should exit with, never 0
     * @param description one line or a stack trace
     */
    record Failure(int rank, int exitCode, String description) {}
}
