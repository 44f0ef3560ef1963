package org.isthmus.launch;

/** The command line is wrong; the message says where. The command ends with exit code 2. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
