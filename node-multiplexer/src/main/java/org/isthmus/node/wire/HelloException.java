package org.isthmus.node.wire;

import java.io.IOException;

/** A hello that did not end in a connection. */
public final class HelloException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why. The codes cross the wire. */
    public enum Cause {
        /** What came first is no hello: a port scanner, another program. */
        NOT_ISTHMUS(1, "is not of this protocol"),
        OTHER_VERSION(2, "has another version of the wire format: all nodes need the same isthmus.jar"),
        OTHER_JOB(3, "belongs to another job"),
        OTHER_NODE(4, "is not the node or shard that was meant"),
        WRONG_SECRET(5, "does not know the secret of the job"),
        NOT_ADMITTED(6, "has no use for this connection"),
        DEADLINE(7, "did not complete the hello in time"),
        DISCONNECTED(8, "ended the connection during the hello"),
        OTHER_PURPOSE(9, "uses connections of another kind: set encryption (isthmus.tcpx.encrypt) equal on all nodes");

        private final int code;
        private final String meaning;

        Cause(int code, String meaning) {
            this.code = code;
            this.meaning = meaning;
        }

        /** Number on the wire. */
        public int code() {
            return code;
        }

        /** Whether another try may end otherwise. */
        public boolean isTransient() {
            return this == DEADLINE || this == DISCONNECTED || this == NOT_ADMITTED;
        }

        static Cause ofCode(int code) {
            for (Cause cause : values()) {
                if (cause.code == code) {
                    return cause;
                }
            }
            return NOT_ISTHMUS;
        }
    }

    private final Cause cause;

    HelloException(Cause cause, String peer) {
        super("the peer at " + peer + " " + cause.meaning);
        this.cause = cause;
    }

    public Cause reason() {
        return cause;
    }
}
