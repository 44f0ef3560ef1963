package org.isthmus.comm.progress;

import org.isthmus.comm.error.CommException;

/** Something that finishes by progress: one transfer, or a schedule of many. */
public interface Completion {
    /** Whether it has finished, with success or with an error. Makes no progress itself. */
    boolean isDone();

    /** Why this will never be done, in a job that survives failures; null while it may be. */
    default CommException problem() {
        return null;
    }

    /** The waiting rank is about to sleep: whoever will complete this must be able to find out and wake it. */
    default void beforeSleep() {}

    /** It is awake again. */
    default void afterSleep() {}
}
