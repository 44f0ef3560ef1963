package org.isthmus.tcpx;

import java.io.IOException;
import org.isthmus.node.wire.BadFrame;

/** A frame that closes the socket it came by. */
final class BadFrameException extends IOException {
    private static final long serialVersionUID = 1L;

    private final BadFrame frameCause;

    BadFrameException(BadFrame frameCause, String header) {
        super("a frame " + frameCause.meaning() + " (" + header + ")");
        this.frameCause = frameCause;
    }

    BadFrame frameCause() {
        return frameCause;
    }
}
