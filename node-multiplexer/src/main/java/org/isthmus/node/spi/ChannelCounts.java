package org.isthmus.node.spi;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What a backend's channel, or all channels of an endpoint together, have counted since their start, by the number of
 * the row in {@link BackendCounters}. The owner's thread writes, any thread may read.
 */
public final class ChannelCounts {
    private final AtomicLongArray values;
    private final ChannelCounts sum;

    /** @param sum counts the same for all channels; null if this one is it */
    public ChannelCounts(int rows, ChannelCounts sum) {
        this.values = new AtomicLongArray(rows);
        this.sum = sum;
    }

    public void add(int row, long count) {
        if (sum != null) {
            sum.add(row, count);
        }
        values.lazySet(row, values.getPlain(row) + count);
    }

    public long get(int row) {
        return values.get(row);
    }
}
