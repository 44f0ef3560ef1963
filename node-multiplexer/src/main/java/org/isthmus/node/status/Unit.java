package org.isthmus.node.status;

import java.util.Locale;

/** Units of counters. */
enum Unit {
    MESSAGES, BYTES, RECORDS, FRAMES, PIECES, OPERATIONS, RINGS, CALLS, TIMES;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
