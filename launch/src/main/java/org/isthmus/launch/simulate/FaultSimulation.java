package org.isthmus.launch.simulate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.isthmus.node.mux.JobFailure;
import org.isthmus.node.mux.MultiplexerOptions;
import org.isthmus.node.spi.ChannelFailure;

/**
 * The project's multiplexers under loss, delay, reordering, refusals, slow ranks and the death of a node, all of it
 * chosen by a seed. Must hold whatever happens:
 *
 * <ol>
 * <li>messages arrive once, in the order of their pair, with their bytes; all of them unless a node dies, which ends
 *     the job
 * <li>when nothing more happens, nothing waits: no hang
 * <li>after a death every node that lives is told, if any had a channel to the dead one
 * </ol>
 */
public final class FaultSimulation implements SimulatedShard.Surroundings, AutoCloseable {
    private static final int RING_BYTES = 4096;
    private static final int MAX_FRAME = 1024;
    private static final long LANE_BYTES = 2048;
    /** Far more than any run needs: it is going round in circles. */
    private static final long MOST_EVENTS = 2_000_000;

    private record LinkKey(int from, int to, int shard) {}

    private final VirtualTime time = new VirtualTime();
    private final FaultPlan plan;
    private final Scenario scenario;
    private final SplittableRandom random;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<FaultyRank> ranks = new ArrayList<>();
    private final Map<LinkKey, FaultyLink> links = new HashMap<>();
    private final TreeSet<Integer> told = new TreeSet<>();
    private boolean died;
    private boolean noticeable;

    private FaultSimulation(FaultPlan plan) {
        this.plan = plan;
        this.random = new SplittableRandom(~plan.seed());
        this.scenario = Scenario.of(plan.nodes(), plan.ranks(), Design.SHARED, NicModel.PRESETS.getFirst())
                .withDesign(Design.SHARED, plan.shards()).withWhole(true);
        MultiplexerOptions limits = new MultiplexerOptions(plan.holdNanos(), plan.creditBytes(), LANE_BYTES);
        for (int number = 0; number < plan.nodes(); number++) {
            SimulatedNode node = new SimulatedNode(number, scenario, RING_BYTES, limits, this::onRecord, this);
            nodes.add(node);
            for (int place = 0; place < plan.ranks(); place++) {
                ranks.add(new FaultyRank(plan, time, node, place));
            }
        }
    }

    /**
     * Runs a plan to its end.
     *
     * @throws InvariantException if what must hold does not
     */
    public static FaultOutcome run(FaultPlan plan) {
        try (FaultSimulation simulation = new FaultSimulation(plan)) {
            return simulation.run();
        } catch (RuntimeException e) {
            throw new InvariantException(plan.seed(), e.getMessage() + "; " + plan, e);
        }
    }

    private FaultOutcome run() {
        ranks.forEach(FaultyRank::start);
        if (plan.dying() >= 0) {
            time.at(VirtualTime.nanos(plan.deathNanos()), this::die);
        }
        for (long events = 0; time.step(); events++) {
            if (events > MOST_EVENTS) {
                throw new IllegalStateException("no end after " + events + " events");
            }
        }
        checkPairs();
        checkTold();
        long fingerprint = 0;
        for (FaultyRank rank : ranks) {
            fingerprint = fingerprint * 1_000_003 + rank.fingerprint();
        }
        return new FaultOutcome(plan, ranks.stream().mapToLong(FaultyRank::delivered).sum(),
                links.values().stream().mapToLong(FaultyLink::lost).sum(),
                links.values().stream().mapToLong(FaultyLink::overtaken).sum(), told.size(), fingerprint);
    }

    private void checkPairs() {
        for (int from = 0; from < ranks.size(); from++) {
            boolean complete = told.isEmpty() && lives(from / plan.ranks());
            if (complete && !ranks.get(from).hasSentAll()) {
                throw new IllegalStateException("hang: rank " + from + " could not send all its messages");
            }
            for (int to = 0; to < ranks.size(); to++) {
                int sent = ranks.get(from).sentTo(to);
                int received = ranks.get(to).receivedFrom(from);
                if (received > sent || complete && lives(to / plan.ranks()) && received < sent) {
                    throw new IllegalStateException("hang: rank " + to + " got " + received + " of the " + sent
                            + " messages of rank " + from);
                }
            }
        }
        for (SimulatedNode node : nodes) {
            for (SimulatedShard shard : node.shards()) {
                if (!died && !shard.isIdle()) {
                    throw new IllegalStateException("hang: something waits in shard " + shard.number() + " of node "
                            + node.number());
                }
            }
        }
    }

    private void checkTold() {
        for (SimulatedNode node : nodes) {
            if (noticeable && lives(node.number()) && !told.contains(node.number())) {
                throw new IllegalStateException("hang: node " + node.number() + " was never told that node "
                        + plan.dying() + " died; told are " + told);
            }
        }
    }

    private boolean lives(int node) {
        return !died || node != plan.dying();
    }

    private void die() {
        died = true;
        SimulatedNode dying = nodes.get(plan.dying());
        dying.shards().forEach(SimulatedShard::stop);
        kill(dying.number());
        links.forEach((key, link) -> {
            if (key.from == plan.dying() || key.to == plan.dying()) {
                link.cut();
            }
        });
        for (SimulatedNode node : nodes) {
            for (SimulatedShard shard : node.shards()) {
                SimulatedChannel channel = node == dying ? null : shard.endpoint().channel(plan.dying());
                if (channel != null && !channel.isNew()) {
                    fail(shard, channel, ChannelFailure.Cause.PEER_LOST);
                }
            }
        }
    }

    private void kill(int node) {
        ranks.subList(node * plan.ranks(), (node + 1) * plan.ranks()).forEach(FaultyRank::kill);
    }

    private void fail(SimulatedShard shard, SimulatedChannel channel, ChannelFailure.Cause cause) {
        noticeable = true;
        time.after(delay(), () -> {
            shard.endpoint().onFailed(channel, new ChannelFailure(cause, "node " + channel.peer() + " is gone"));
            shard.plan();
        });
    }

    private void onRecord(SimulatedNode node, int place, int source, long header, long payload) {
        ranks.get(node.number() * plan.ranks() + place).onRecord(source, header, payload);
    }

    @Override
    public int onRound(SimulatedShard shard, boolean delivered) {
        for (int place = 0; place < plan.ranks(); place++) {
            ranks.get(shard.node().number() * plan.ranks() + place).planPoll();
        }
        return 0;
    }

    @Override
    public void onRoundEnd(SimulatedShard shard, long end) {
        // ranks look when they please
    }

    @Override
    public void transmit(SimulatedShard shard, SimulatedChannel channel, SimulatedChannel.Frame frame) {
        if (!shard.isStopped() && channel.failure() == null) {
            link(shard, channel).send(frame);
        }
    }

    private FaultyLink link(SimulatedShard shard, SimulatedChannel channel) {
        int from = shard.node().number();
        int to = channel.peer();
        return links.computeIfAbsent(new LinkKey(from, to, shard.number()), key -> {
            SimulatedShard target = nodes.get(to).shard(shard.number());
            FaultyLink link = new FaultyLink(time, plan, random.split(), bytes -> {
                target.endpoint().onFrame(target.endpoint().channel(from), bytes, () -> returnCredit(shard, channel));
                target.plan();
            }, frame -> {
                if (!frame.isCopied()) {
                    shard.endpoint().onSent(channel, frame.context());
                    shard.plan();
                }
            });
            if (!lives(from) || !lives(to)) {
                link.cut();
            }
            return link;
        });
    }

    @Override
    public void connect(SimulatedEndpoint endpoint, SimulatedChannel channel) {
        SimulatedShard here = nodes.get(endpoint.node()).shard(endpoint.shard());
        SimulatedShard there = nodes.get(channel.peer()).shard(endpoint.shard());
        time.after(delay(), () -> {
            if (!lives(channel.peer())) {
                fail(here, channel, ChannelFailure.Cause.UNREACHABLE);
            } else if (!here.isStopped()) {
                open(here, channel);
                open(there, there.endpoint().channel(endpoint.node()));
            }
        });
    }

    private static void open(SimulatedShard shard, SimulatedChannel channel) {
        if (channel.open()) {
            shard.endpoint().onConnected(channel);
            shard.plan();
        }
    }

    @Override
    public boolean mayPost(SimulatedEndpoint endpoint) {
        if (random.nextDouble() >= plan.refusal()) {
            return true;
        }
        time.after(delay(), () -> nodes.get(endpoint.node()).shard(endpoint.shard()).plan());
        return false;
    }

    private void returnCredit(SimulatedShard sender, SimulatedChannel sending) {
        time.after(delay(), () -> {
            if (sending.onCredit()) {
                sender.plan();
            }
        });
    }

    @Override
    public void onNodeLost(SimulatedNode from, int lost, ChannelFailure failure) {
        if (lost != plan.dying()) {
            throw new IllegalStateException("node " + lost + " was given up, but lives: " + failure);
        }
        int node = from.number();
        if (told.add(node)) {
            kill(node);
            JobFailure news = new JobFailure(-1, 1, "node " + lost + " was lost");
            time.after(delay(), () -> nodes.get(node).fail(news));
        }
    }

    @Override
    public void onJobFailed(SimulatedNode node, JobFailure failure) {
        if (!died || !failure.description().equals("node " + plan.dying() + " was lost")) {
            throw new IllegalStateException("the job failed without a reason: " + failure);
        }
        told.add(node.number());
        kill(node.number());
    }

    private long delay() {
        return VirtualTime.nanos(100.0 + random.nextInt(plan.mostDelayNanos()));
    }

    @Override
    public VirtualTime time() {
        return time;
    }

    @Override
    public Scenario scenario() {
        return scenario;
    }

    @Override
    public int maxFrame() {
        return MAX_FRAME;
    }

    @Override
    public Relay relay(int node) {
        return null;
    }

    @Override
    public void close() {
        nodes.forEach(SimulatedNode::close);
    }
}
