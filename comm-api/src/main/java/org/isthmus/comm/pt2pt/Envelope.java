package org.isthmus.comm.pt2pt;

/** What a receiver learns about a message; reused by its owner, so not thread-safe. */
public class Envelope {
    /** Sender's rank in the communicator of the receive. */
    public int source;

    public int tag;

    /** Packed size of the message in bytes (for a truncated receive: what was stored). */
    public long bytes;

    public boolean cancelled;
}
