package org.isthmus.node.endpoint;

import java.lang.foreign.MemorySegment;

/**
 * Lets one who sleeps elsewhere than on its wake word, in a selector for example, be woken by the ranks of its node all
 * the same: a thread that waits on the word and passes each wake on.
 *
 * <p>Needs native access. {@link #stop} may be called by any thread.
 */
public final class Doorbell {
    private static final long CHECK_NANOS = 200_000_000;

    private final Waiter waiter;
    private final Runnable bell;
    private volatile boolean stopped;

    /** @param bell what each wake calls, on the doorbell's thread */
    public Doorbell(Waiter waiter, Runnable bell) {
        this.waiter = waiter;
        this.bell = bell;
        Thread.ofPlatform().daemon().name("isthmus-doorbell").stackSize(256 << 10).start(this::run);
    }

    private void run() {
        MemorySegment timeout = FutexNative.timeout(CHECK_NANOS);
        int heard = waiter.wakes();
        while (!stopped) {
            waiter.awaitWake(heard, timeout);
            int now = waiter.wakes();
            if (now != heard) {
                heard = now;
                bell.run();
            }
        }
    }

    /** Ends the thread soon. */
    public void stop() {
        stopped = true;
        waiter.wakeSelf();
    }
}
