package org.isthmus.node.mux;

import java.io.IOException;
import java.util.function.LongSupplier;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.Waiter;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.spi.Endpoint;

/**
 * One part of the multiplexer: a place in the segment, an endpoint of the backend with its channels, and the two agents
 * between them.
 *
 * <pre>
 *   rank's ring to this place --{@link Sender}--> frame --> backend
 *   backend --> frame --{@link Receiver}--> this place's ring to the rank
 * </pre>
 *
 * A pair of ranks always uses the same shard, on both nodes. So its records go through one ring, one channel and one
 * ring again, each in order, and nothing passes from one shard to another.
 *
 * <p>Owned by one thread, which calls {@link #work} again and again; {@link #fail} and {@link #isFailureOut}
 * are anybody's.
 */
final class Shard implements AutoCloseable {
    private static final int EVENTS = 64;

    private final RankEndpoint place;
    private final Sender sender;
    private final Receiver receiver;
    private final LongSupplier clock;
    private Endpoint backend;
    private BellPipe bell;
    private ShardLinks links;
    private volatile JobFailure failure;
    private boolean failureSent;
    private volatile boolean failureOut;

    /** @param clock in nanoseconds */
    Shard(RankEndpoint place, Sender sender, Receiver receiver, LongSupplier clock) {
        this.place = place;
        this.sender = sender;
        this.receiver = receiver;
        this.clock = clock;
    }

    /** Takes its backend endpoint, whose handler is {@link #handler}. */
    void setBackend(Endpoint opened) throws IOException {
        this.backend = opened;
        this.bell = BellPipe.open();
        if (bell != null && !backend.watch(bell.source(), bell.descriptor())) {
            bell.close();
            bell = null;
        }
    }

    /** Path of the pipe by which ranks wake this shard; empty if they have to do it by its wake word. */
    String bell() {
        return bell == null ? "" : bell.path();
    }

    /** Completes construction, before the first round; the endpoints of all nodes are open. */
    void begin(NodeDirectory nodes, ShardLinks counted) {
        this.links = counted;
        sender.begin(backend, nodes, counted);
        receiver.begin(backend.capabilities().maxFrame(), nodes, counted);
    }

    ChannelHandler handler() {
        return receiver;
    }

    Endpoint backend() {
        return backend;
    }

    Waiter waiter() {
        return place.waiter();
    }

    /** Call before sleeping: tells ranks which of their blocks are free. */
    void rest() {
        place.rest();
        place.waiter().countSleep();
        showSometimes(clock.getAsLong());
    }

    /**
     * One round.
     *
     * @param mayHold whether the next round comes soon, so that batches may stay open for it
     * @return how much there was to do
     */
    int work(boolean mayHold) {
        long now = clock.getAsLong();
        showSometimes(now);
        int work = sender.take(now);
        if (failure != null && !failureSent) {
            failureSent = true;
            sender.tellAllNodes(failure);
        }
        work += sender.flush(now, mayHold);
        work += backend.poll(EVENTS);
        work += receiver.flush();
        if (failureSent && !failureOut) {
            failureOut = isIdle();
        }
        return work;
    }

    private void showSometimes(long now) {
        if (links.isTime(now)) {
            place.counters().publish();
            links.publish();
        }
    }

    /** Tells all other nodes, in one of the next rounds, that the job has failed. Any thread. */
    void fail(JobFailure newFailure) {
        failure = newFailure;
    }

    /** Whether what {@link #fail} was given has left this node. Any thread. */
    boolean isFailureOut() {
        return failureOut;
    }

    /** Whether nothing waits to go out or in. */
    boolean isIdle() {
        return sender.isIdle() && receiver.isIdle();
    }

    /** Ends the backend's endpoint in order. */
    @Override
    public void close() {
        backend.close();
        place.counters().publish();
        links.publish();
        sender.close();
        if (bell != null) {
            bell.close();
        }
    }
}
