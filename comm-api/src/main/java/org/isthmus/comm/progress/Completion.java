package org.isthmus.comm.progress;

/** Something that finishes by progress: one transfer, or a schedule of many. */
public interface Completion {
    /** Whether it has finished, with success or with an error. Makes no progress itself. */
    boolean isDone();

    /** The waiting rank is about to sleep: whoever will complete this must be able to find out and wake it. */
    default void beforeSleep() {}

    /** It is awake again. */
    default void afterSleep() {}
}
