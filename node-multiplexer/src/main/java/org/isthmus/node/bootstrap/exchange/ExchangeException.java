package org.isthmus.node.bootstrap.exchange;

/** The exchange failed and is of no more use; the message names the rank, the cause and what to do. */
public final class ExchangeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ExchangeException(String message) {
        super(message);
    }

    public ExchangeException(String message, Throwable cause) {
        super(message, cause);
    }
}
