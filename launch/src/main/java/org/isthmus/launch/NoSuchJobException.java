package org.isthmus.launch;

/** There is no job to show, or more than one; the message says what there is. */
final class NoSuchJobException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoSuchJobException(String message) {
        super(message);
    }
}
