package org.isthmus.launch.simulate;

import java.util.ArrayList;
import java.util.List;
import org.isthmus.node.mux.Conductor;
import org.isthmus.node.mux.JobFailure;
import org.isthmus.node.spi.ChannelFailure;

/**
 * One thread of a node's multiplexer in virtual time. Its rounds are those of the project's own {@link Conductor}; how
 * long a round takes is what {@link Costs} say for what it did.
 *
 * <p>A round sees everything that was there when it began. What it sent leaves, and what it delivered is seen, when it
 * ends. After a round without work the thread rests until {@link #plan} is called.
 */
final class SimulatedShard {
    /** How often a thread without work looks again before it sleeps, while batches may be held, and how far apart. */
    private static final int LOOKS = 48;
    private static final double LOOK_NANOS = 250;

    /** What a shard lives in. */
    interface Surroundings extends SimulatedEndpoint.Network {
        VirtualTime time();

        Scenario scenario();

        int maxFrame();

        /** Relay of one shard of a node; null where every node is a neighbour. */
        Relay relay(int node);

        /** A round is over but for the time that it takes. Returns how many records ranks have got from it. */
        int onRound(SimulatedShard shard, boolean delivered);

        /** The round that sent this frame has ended. */
        void transmit(SimulatedShard shard, SimulatedChannel channel, SimulatedChannel.Frame frame);

        /** The end of the round that {@link #onRound} told of is known. */
        void onRoundEnd(SimulatedShard shard, long end);

        /** A node cannot be reached any more. */
        void onNodeLost(SimulatedNode node, int lost, ChannelFailure failure);

        /** Another node has told of a failure. */
        void onJobFailed(SimulatedNode node, JobFailure failure);
    }

    private record Posted(SimulatedChannel channel, SimulatedChannel.Frame frame) {}

    private final SimulatedNode node;
    private final int number;
    private final Surroundings surroundings;
    private final VirtualTime time;
    private final Costs costs;
    private final SimulatedEndpoint endpoint;
    private boolean planned;
    private boolean stuck;
    private int looks;
    private boolean stopped;
    private long free;
    private List<Posted> posted = new ArrayList<>();
    private int recordsOut;
    private long rounds;
    private long frames;
    private long records;

    SimulatedShard(SimulatedNode node, int number, SimulatedEndpoint endpoint, Surroundings surroundings) {
        this.node = node;
        this.number = number;
        this.endpoint = endpoint;
        this.surroundings = surroundings;
        this.time = surroundings.time();
        this.costs = surroundings.scenario().costs();
    }

    SimulatedNode node() {
        return node;
    }

    int number() {
        return number;
    }

    SimulatedEndpoint endpoint() {
        return endpoint;
    }

    long rounds() {
        return rounds;
    }

    /** Frames so far. */
    long frames() {
        return frames;
    }

    /** Records in them. */
    long records() {
        return records;
    }

    /** There may be something to do. */
    void plan() {
        if (!planned && !stopped) {
            planned = true;
            time.at(Math.max(time.now(), free), this::round);
        }
    }

    /** A rank has taken records: what did not fit into its ring may now. */
    void planIfStuck() {
        if (stuck) {
            plan();
        }
    }

    /** Whether nothing waits in the multiplexer to go out or in. */
    boolean isIdle() {
        return node.multiplexer().isIdle(number);
    }

    /** The process is killed. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    private void round() {
        planned = false;
        if (stopped) {
            return;
        }
        rounds++;
        int work = node.multiplexer().work(number, looks < LOOKS);
        int delivered = surroundings.onRound(this, endpoint.takeTaken() > 0);
        recordsOut = 0;
        endpoint.drainPosted(this::onPosted);
        List<Posted> leaving = posted;
        boolean batch = delivered > 0 || !leaving.isEmpty();
        double nanos = (batch ? costs.round() : costs.emptyRound()) + (delivered + recordsOut) * costs.record()
                + leaving.size() * costs.frame();
        free = time.now() + VirtualTime.nanos(nanos);
        if (!leaving.isEmpty()) {
            posted = new ArrayList<>();
            time.at(free, () -> leaving.forEach(frame -> surroundings.transmit(this, frame.channel, frame.frame)));
        }
        surroundings.onRoundEnd(this, free);
        afterRound(work > 0);
    }

    private void afterRound(boolean worked) {
        looks = worked ? 0 : looks + 1;
        if (worked) {
            plan();
            return;
        }
        stuck = !isIdle();
        if (stuck && looks <= LOOKS) {
            free += VirtualTime.nanos(LOOK_NANOS);
            plan();
            return;
        }
        node.multiplexer().rest(number);
        looks = 0;
    }

    private void onPosted(SimulatedChannel channel) {
        SimulatedChannel.Frame frame = channel.nextPosted();
        if (frame == null) {
            return; // the channel has failed
        }
        recordsOut += frame.records();
        frames++;
        records += frame.records();
        if (frame.isCopied() && frame.context() != SimulatedEndpoint.RELAYED) {
            endpoint.onSent(channel, frame.context());
        }
        posted.add(new Posted(channel, frame));
    }
}
