package org.isthmus.launch.simulate;

import java.util.ArrayList;
import java.util.List;
import org.isthmus.node.config.Settings;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.mux.JobFailure;
import org.isthmus.node.mux.Multiplexer;
import org.isthmus.node.mux.NodeDirectory;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.wire.JobIdentification;

/**
 * One thread of a node's multiplexer in virtual time. Its rounds are those of the project's own {@link Multiplexer}; how
 * long a round takes is what {@link Costs} say for what it did.
 *
 * <p>A round sees everything that was there when it began. What it sent leaves, and what it delivered is seen, when it
 * ends. After a round without work the thread rests until {@link #plan} is called.
 */
final class SimulatedShard implements AutoCloseable {
    private static final JobIdentification JOB =
            new JobIdentification("simulated", new byte[JobIdentification.MIN_SECRET_BYTES]);

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
        void onNodeLost(SimulatedShard shard, int lost, ChannelFailure failure);

        /** Another node has told of a failure. */
        void onJobFailed(SimulatedShard shard, JobFailure failure);
    }

    private record Posted(SimulatedChannel channel, SimulatedChannel.Frame frame) {}

    private final SimulatedNode node;
    private final int number;
    private final Surroundings surroundings;
    private final VirtualTime time;
    private final Costs costs;
    private final SimulatedEndpoint endpoint;
    private final Multiplexer multiplexer;
    private boolean planned;
    private boolean stuck;
    private boolean stopped;
    private long free;
    private List<Posted> posted = new ArrayList<>();
    private int recordsOut;
    private long rounds;
    private long frames;
    private long records;

    SimulatedShard(SimulatedNode node, int number, RankEndpoint place, NodeRanks ranks, NodeDirectory directory,
            Surroundings surroundings) {
        this.node = node;
        this.number = number;
        this.surroundings = surroundings;
        this.time = surroundings.time();
        this.costs = surroundings.scenario().costs();
        this.multiplexer = new Multiplexer(place, ranks, new Multiplexer.FailureListener() {
            @Override
            public void onNodeLost(int lost, ChannelFailure failure) {
                surroundings.onNodeLost(SimulatedShard.this, lost, failure);
            }

            @Override
            public void onJobFailed(JobFailure failure) {
                surroundings.onJobFailed(SimulatedShard.this, failure);
            }
        });
        EndpointContext context = new EndpointContext(JOB, node.number(), directory.count(), number, Settings.load(),
                multiplexer);
        this.endpoint = new SimulatedEndpoint(context, surroundings.maxFrame(), surroundings.scenario().active(),
                surroundings.relay(node.number()), surroundings);
        multiplexer.attach(endpoint, directory);
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
        return multiplexer.isIdle();
    }

    /** The process is killed. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    void fail(JobFailure failure) {
        multiplexer.fail(failure);
        plan();
    }

    private void round() {
        planned = false;
        if (stopped) {
            return;
        }
        rounds++;
        int work = multiplexer.work();
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
        if (work > 0) {
            plan();
        } else {
            multiplexer.rest();
            stuck = !multiplexer.isIdle();
        }
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

    @Override
    public void close() {
        multiplexer.close();
    }
}
