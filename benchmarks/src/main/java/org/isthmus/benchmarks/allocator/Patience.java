package org.isthmus.benchmarks.allocator;

/** Waits for another thread: looks, then yields, and fails after a minute without any progress. */
final class Patience {
    private static final int LOOKS = 2000;
    private static final long LIMIT_NANOS = 60_000_000_000L;

    private int idle;
    private long since;

    /** @param waiting false when there was progress */
    void pause(boolean waiting) {
        if (!waiting) {
            idle = 0;
        } else if (++idle < LOOKS) {
            Thread.onSpinWait();
        } else if (idle == LOOKS) {
            since = System.nanoTime();
        } else {
            if (System.nanoTime() - since > LIMIT_NANOS) {
                throw new IllegalStateException("the other side of the workload does not answer");
            }
            Thread.yield();
        }
    }
}
