package org.isthmus.node.status;

import java.util.Locale;

/** The way of a message, by which ranks count. */
public enum Protocol {
    INLINE("inside a record of the ring"),
    EAGER("through message blocks, before the receive was known"),
    SHARED("copied by the receiver out of a buffer in the segment"),
    SINGLE_COPY("copied by the receiver out of the sender's memory"),
    RENDEZVOUS("through message blocks once the receive was known, or synchronous and empty"),
    REMOTE("to or from a rank of another node or job, in any of those ways"),
    SELF("of the rank to itself");

    private static final Protocol[] ALL = values();

    private final String meaning;

    Protocol(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }

    /** Name in reports. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The counter of messages sent this way; that of their bytes is the next. */
    public RankCounter sent() {
        return RankCounter.of(2 * ordinal());
    }

    /** The counter of messages received this way; that of their bytes is the next. */
    public RankCounter received() {
        return RankCounter.of(2 * (ALL.length + ordinal()));
    }
}
