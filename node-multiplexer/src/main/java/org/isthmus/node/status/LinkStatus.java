package org.isthmus.node.status;

import java.util.SequencedMap;

/**
 * What the multiplexer had counted for one of its links at some time.
 *
 * @param peer index of the other node
 * @param shard of the multiplexer
 * @param values by {@link LinkCounter#ordinal}; not to be changed
 * @param backend name of the backend, empty if it counts nothing
 * @param backendValues what the backend had counted, by name, in its order
 */
public record LinkStatus(int peer, int shard, long[] values, String backend, SequencedMap<String, Long> backendValues) {
    public long value(LinkCounter counter) {
        return values[counter.ordinal()];
    }

    /** Records in an average frame sent; 0 before the first. */
    public double batch() {
        long frames = value(LinkCounter.FRAMES_SENT);
        return frames == 0 ? 0 : (double) value(LinkCounter.RECORDS_SENT) / frames;
    }
}
