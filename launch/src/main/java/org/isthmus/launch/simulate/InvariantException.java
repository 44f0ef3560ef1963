package org.isthmus.launch.simulate;

/** A run with faults broke what must hold whatever happens. The message names the seed. */
public final class InvariantException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvariantException(long seed, String message, Throwable cause) {
        super("seed " + seed + ": " + message, cause);
    }
}
