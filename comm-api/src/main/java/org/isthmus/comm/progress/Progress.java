package org.isthmus.comm.progress;

/**
 * The engine's single source of progress: every wait in a rank runs it.
 *
 * <p>Callers hold the engine lock when the rank runs with {@code THREAD_MULTIPLE}; {@link #await} does that itself.
 */
public interface Progress {
    /**
     * Advances everything once. Returns the number of events handled, 0 when there was nothing to do.
     *
     * @throws org.isthmus.comm.error.CommException when there was nothing to do and the job has failed: a program that
     * polls for what never comes must learn of it.
     */
    int poll();

    /**
     * Polls until {@code completion} is done, giving the core away as the waiting strategy says.
     *
     * @throws org.isthmus.comm.error.CommException when the job fails meanwhile.
     */
    void await(Completion completion);

    /**
     * Makes no progress, but lets who waits for another process outside of {@link #await} learn of its death.
     *
     * @throws org.isthmus.comm.error.CommException when the job has failed
     */
    default void checkJob() {}

    /** Adds a source of work of its own (a running schedule); polled until it returns a negative number. */
    void register(Progressible progressible);

    /** Ends the sleep of a thread in {@link #await}, which then looks again at what it waits for; any thread. */
    void wake();

    /** Work that each poll advances a step. */
    interface Progressible {
        /** Advances; returns events handled, or a negative number when it is finished and wants to be dropped. */
        int progress();
    }
}
