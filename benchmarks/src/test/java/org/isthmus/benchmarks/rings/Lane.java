package org.isthmus.benchmarks.rings;

/** One end of a queue of records; all 8-byte words of a record hold its number, from 1. Owned by one thread. */
interface Lane {
    /** Takes the number of each arriving record. */
    interface Sink {
        void accept(long number);
    }

    /** Sends a record; false when there is no room. */
    boolean offer(long number);

    /** Makes what was offered visible, if it is not yet. */
    void flush();

    /** Takes what has arrived, at most {@code limit} records. Returns how many. */
    int drain(Sink sink, int limit);
}
