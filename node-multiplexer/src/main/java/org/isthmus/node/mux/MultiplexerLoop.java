package org.isthmus.node.mux;

import org.isthmus.node.endpoint.Doorbell;
import org.isthmus.node.endpoint.Waiter;
import org.isthmus.node.spi.Endpoint;

/**
 * The multiplexer's thread: round after round while there is work; else it spins, yields, and at last sleeps until a rank
 * rings or a frame may have come.
 *
 * <p>{@link #stop} may be called by any thread.
 */
public final class MultiplexerLoop implements Runnable {
    private static final long SLEEP_NANOS = 20_000_000;

    private final Multiplexer multiplexer;
    private final Waiter waiter;
    private final Endpoint backend;
    private volatile boolean stopped;

    /** @param waiter of the multiplexer's place */
    public MultiplexerLoop(Multiplexer multiplexer, Waiter waiter, Endpoint backend) {
        this.multiplexer = multiplexer;
        this.waiter = waiter;
        this.backend = backend;
    }

    /** Runs until {@link #stop}, or ends with the exception of a round. */
    @Override
    public void run() {
        Doorbell doorbell = new Doorbell(waiter, backend::wakeup);
        try {
            int idle = 0;
            while (!stopped) {
                if (multiplexer.work() > 0) {
                    idle = 0;
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
        multiplexer.rest();
        waiter.announceSleep();
        boolean nothing = multiplexer.work() == 0;
        if (nothing && !stopped) {
            backend.await(SLEEP_NANOS);
        }
        waiter.awake();
        return nothing;
    }

    /** Lets {@link #run} return after its round. */
    public void stop() {
        stopped = true;
        backend.wakeup();
    }
}
