package org.isthmus.allocator.heap;

/**
 * A handle that names no block in the hands of this heap: stale, freed before, foreign or damaged. Nothing was changed.
 */
public final class BadHandleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadHandleException(String message) {
        super(message);
    }
}
