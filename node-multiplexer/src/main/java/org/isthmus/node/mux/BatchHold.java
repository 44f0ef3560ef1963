package org.isthmus.node.mux;

/**
 * How long a frame stays open for records to come, by the rate at which they have been coming: as long as
 * {@link #COMPANY} records need, within a bound. Where fewer than {@link #LEAST_COMPANY} would come within the bound
 * there is no hold at all, so a lone message pays nothing; and when records stop coming, the frame goes at once.
 *
 * <p>The rate is a moving average of the time between records. Owned by the shard's thread; times in nanoseconds.
 */
final class BatchHold {
    /** Records worth waiting for: from there on the cost of a frame is small beside theirs. */
    static final int COMPANY = 32;
    static final int LEAST_COMPANY = 4;
    /** So many times the usual time without a record mean that the burst is over. */
    private static final int SILENCE = 4;
    private static final int SHIFT = 3;

    private final long most;
    private final long longestGap;
    private long gap;
    private long last = Long.MIN_VALUE;

    /** @param most bound of the hold; 0: never hold */
    BatchHold(long most) {
        this.most = most;
        this.longestGap = 2 * most;
        this.gap = longestGap;
    }

    /** {@code records} have come since the last call. */
    void onRecords(int records, long now) {
        long since = last == Long.MIN_VALUE ? longestGap : Math.min(longestGap, now - last);
        last = now;
        gap += (since / records - gap) >> SHIFT;
    }

    /** Whether a frame opened at {@code opened} should wait on. */
    boolean holds(long opened, long now) {
        return gap * LEAST_COMPANY <= most && now - last <= SILENCE * (gap + 1)
                && now - opened < Math.min(most, COMPANY * gap) && most > 0;
    }
}
