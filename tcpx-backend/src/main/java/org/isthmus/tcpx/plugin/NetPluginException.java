package org.isthmus.tcpx.plugin;

import java.io.IOException;

/** A plugin cannot be used, or one of its functions answered an error. */
public final class NetPluginException extends IOException {
    private static final long serialVersionUID = 1L;

    NetPluginException(String message) {
        super(message);
    }

    NetPluginException(String message, Throwable cause) {
        super(message, cause);
    }
}
