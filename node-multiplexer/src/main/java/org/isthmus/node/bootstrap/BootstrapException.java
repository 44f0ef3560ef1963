package org.isthmus.node.bootstrap;

/** The ranks of a job could not be brought together; the message says what was found, what is missing, what to do. */
public final class BootstrapException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BootstrapException(String message) {
        super(message);
    }

    public BootstrapException(String message, Throwable cause) {
        super(message, cause);
    }
}
