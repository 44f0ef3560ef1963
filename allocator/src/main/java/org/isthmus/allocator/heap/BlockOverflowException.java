package org.isthmus.allocator.heap;

/** In checked mode: somebody wrote behind the end of a block. Found when the block came back to its owner. */
public final class BlockOverflowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BlockOverflowException(String message) {
        super(message);
    }
}
