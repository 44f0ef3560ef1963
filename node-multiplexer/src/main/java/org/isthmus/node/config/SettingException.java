package org.isthmus.node.config;

/** A setting that does not exist or whose value cannot be read; the message names it and says what is allowed. */
public final class SettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SettingException(String message) {
        super(message);
    }
}
