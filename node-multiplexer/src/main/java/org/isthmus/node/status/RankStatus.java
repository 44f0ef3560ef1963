package org.isthmus.node.status;

/**
 * What one rank, or the multiplexer, had counted at some time.
 *
 * @param place in the node's segment
 * @param rank in the job, {@link #MULTIPLEXER} for the multiplexer
 * @param pid of its process, in its own process namespace
 * @param values by {@link RankCounter#ordinal}; not to be changed
 */
public record RankStatus(int place, int rank, long pid, long[] values) {
    public static final int MULTIPLEXER = -1;

    public long value(RankCounter counter) {
        return values[counter.ordinal()];
    }

    /** The counter of bytes that goes with one of messages by protocol. */
    public long bytes(RankCounter messages) {
        return values[messages.ordinal() + 1];
    }
}
