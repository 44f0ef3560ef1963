package org.isthmus.comm.coll;

import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.progress.Completion;

/**
 * One running non-blocking collective. Created by {@link Collectives}, completed by progress.
 *
 * <p>An error is kept in {@link #errorClass} and {@link #errorMessage} and is valid once {@link #isDone()}.
 */
public class CollectiveRequest implements Completion {
    /** {@code ErrorClass.SUCCESS}, or what went wrong. */
    public int errorClass = ErrorClass.SUCCESS;

    public String errorMessage;

    protected boolean done;

    @Override
    public final boolean isDone() {
        return done;
    }
}
