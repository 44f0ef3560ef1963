package org.isthmus.node.bootstrap.exchange;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A moment at which waiting ends. */
record Deadline(long nanoTime) {
    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    boolean passed() {
        return System.nanoTime() - nanoTime >= 0;
    }

    /** Milliseconds left, rounded up; 0 when it has passed. */
    int millisLeft() {
        long nanos = nanoTime - System.nanoTime();
        return nanos <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }
}
