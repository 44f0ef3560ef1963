package org.isthmus.allocator.heap;

import org.isthmus.allocator.slab.SizeClasses;

/**
 * The blocks of each class that this heap handed over last, oldest first: receivers mostly finish with them in that
 * order, so their owner finds what came back by looking at state words that it needs next anyway, and pending bits,
 * which cost both sides a cache line on each level, stay set and untouched. What does not come back in order
 * is found by its bit.
 *
 * <p>A bounded memory: the oldest is forgotten when there are too many. Owner's thread only.
 */
final class HandedOver {
    private static final int REMEMBERED = 128;

    private final long[][] handles = new long[SizeClasses.COUNT][];
    private final int[] heads = new int[SizeClasses.COUNT];
    private final int[] tails = new int[SizeClasses.COUNT];

    /** @param c its class, below BIG */
    void add(long handle, int c) {
        long[] ring = handles[c];
        if (ring == null) {
            ring = handles[c] = new long[REMEMBERED];
        }
        int tail = tails[c]++;
        ring[tail & REMEMBERED - 1] = handle;
        if (tail - heads[c] >= REMEMBERED) {
            heads[c]++;
        }
    }

    boolean isEmpty(int c) {
        return heads[c] == tails[c];
    }

    /** The oldest one; there is one. */
    long first(int c) {
        return handles[c][heads[c] & REMEMBERED - 1];
    }

    void removeFirst(int c) {
        heads[c]++;
    }
}
