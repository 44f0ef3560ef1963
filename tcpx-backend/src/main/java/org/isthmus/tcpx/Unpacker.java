package org.isthmus.tcpx;

import java.lang.foreign.MemorySegment;

/** The second stage of a receive: from a bounce buffer to the place. The owner's thread calls. */
interface Unpacker {
    /**
     * Begins to copy {@code length} bytes from the start of {@code bounce}, which stays as it is until
     * {@link #isDone} says so of the ticket.
     *
     * @return ticket
     */
    long begin(MemorySegment bounce, MemorySegment place, long offset, int length);

    /** Whether that copy has finished. Tickets are asked for in the order in which they were given. */
    boolean isDone(long ticket);
}
