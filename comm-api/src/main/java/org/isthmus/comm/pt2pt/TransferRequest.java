package org.isthmus.comm.pt2pt;

import org.isthmus.comm.progress.Completion;

/**
 * One send or receive in the engine. Created by {@link PointToPoint}, completed by progress.
 *
 * <p>After {@link #isDone()} the envelope fields hold the result (receives: source, tag, bytes). An error is kept in
 * {@link #errorClass} and {@link #errorMessage}; the bytes that arrived are delivered all the same.
 */
public abstract class TransferRequest extends Envelope implements Completion {
    /** {@code ErrorClass.SUCCESS}, or what went wrong (for example {@code TRUNCATE}). */
    public int errorClass;

    public String errorMessage;

    protected boolean done;

    @Override
    public final boolean isDone() {
        return done;
    }
}
