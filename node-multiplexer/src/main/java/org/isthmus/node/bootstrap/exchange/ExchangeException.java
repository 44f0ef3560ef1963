package org.isthmus.node.bootstrap.exchange;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;

/** The exchange failed and is of no more use; the message names the rank, the cause and what to do. */
public final class ExchangeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ExchangeException(String message) {
        super(message);
    }

    public ExchangeException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What went wrong with a connection, also where the exception itself does not say it. */
    static String reason(IOException failure) {
        String message = failure.getMessage();
        return switch (failure) {
            case IOException said when message != null && !message.isBlank() -> message;
            case EOFException end -> "the connection ended";
            case SocketTimeoutException late -> "timed out";
            default -> failure.getClass().getSimpleName();
        };
    }
}
