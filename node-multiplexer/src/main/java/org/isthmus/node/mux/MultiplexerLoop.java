package org.isthmus.node.mux;

import org.isthmus.node.endpoint.Doorbell;
import org.isthmus.node.endpoint.Waiter;

/**
 * The thread of a shard: round after round while there is work; else it spins, yields, and at last sleeps until a rank
 * rings or a frame may have come. On a core that it shares with others who wait, it yields after each round with work
 * as well: the rank that has just got something is most often one of them.
 *
 * <p>{@link #stop} may be called by any thread.
 */
final class MultiplexerLoop implements Runnable {
    private static final long SLEEP_NANOS = 20_000_000;

    private final Shard shard;
    private final Waiter waiter;
    private volatile boolean stopped;

    MultiplexerLoop(Shard shard) {
        this.shard = shard;
        this.waiter = shard.waiter();
    }

    /** Runs until {@link #stop}, or ends with the exception of a round. */
    @Override
    public void run() {
        Doorbell doorbell = new Doorbell(waiter, shard.backend()::wakeup);
        try {
            int idle = 0;
            while (!stopped) {
                if (shard.work(waiter.spinsNow() > 0) > 0) {
                    idle = 0;
                    waiter.giveWay();
                } else if (!waiter.idle(idle)) {
                    idle++;
                } else {
                    idle = sleep() ? idle : 0;
                }
            }
        } finally {
            doorbell.stop();
        }
    }

    /** Whether there was still nothing to do once senders knew that they must ring. */
    private boolean sleep() {
        shard.rest();
        waiter.announceSleep();
        boolean nothing = shard.work(false) == 0;
        if (nothing && !stopped && waiter.maySleep()) {
            shard.backend().await(SLEEP_NANOS);
        }
        waiter.awake();
        return nothing;
    }

    /** Lets {@link #run} return after its round. */
    void stop() {
        stopped = true;
        shard.backend().wakeup();
    }
}
