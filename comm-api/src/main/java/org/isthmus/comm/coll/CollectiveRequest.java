package org.isthmus.comm.coll;

import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.progress.Completion;
import org.isthmus.comm.progress.Progress;

/**
 * One running collective. Created by {@link Collectives}, completed by progress.
 *
 * <p>An error is kept in {@link #errorClass} and {@link #errorMessage}, valid once {@link #isDone()}.
 */
public abstract class CollectiveRequest implements Completion, Progress.Progressible {
    /** {@code ErrorClass.SUCCESS}, or the first thing that went wrong. */
    public int errorClass = ErrorClass.SUCCESS;

    public String errorMessage;

    protected boolean done;

    @Override
    public final boolean isDone() {
        return done;
    }

    /** Whether the handle of the request may be given back before it is done. */
    public boolean mayBeFreed() {
        return false;
    }

    /** Keeps the first error. */
    protected final void fail(int errorClass, String errorMessage) {
        if (this.errorClass == ErrorClass.SUCCESS) {
            this.errorClass = errorClass;
            this.errorMessage = errorMessage;
        }
    }
}
