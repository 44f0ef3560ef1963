package org.isthmus.node.shm;

/** Something read from shared memory is not what any peer of this version writes. */
public final class CorruptRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CorruptRecordException(String message) {
        super("corrupt record in the node segment: " + message);
    }
}
