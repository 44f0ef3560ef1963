package org.isthmus.launch.simulate;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.isthmus.node.config.Settings;
import org.isthmus.node.endpoint.RecordLink;
import org.isthmus.node.endpoint.RemoteLink;
import org.isthmus.node.mux.JobFailure;
import org.isthmus.node.mux.MultiplexerOptions;
import org.isthmus.node.spi.ChannelFailure;

/**
 * Ranks that send through the multiplexers of their nodes, over a network that loses nothing.
 *
 * <p>Where not every node is simulated, all nodes are taken to do what the first does at the same time, as seen from
 * where they are: what it sends to the node that is k further comes back to it as if sent by the node that is k before.
 * For traffic that looks the same from every node that is exact; else it is a sample of one node among copies of
 * itself.
 */
final class SharedSimulation implements SimulatedShard.Surroundings, AutoCloseable {
    private static final int MAX_FRAME = 4096;
    private static final int RING_BYTES = 16 << 10;

    private static final long ENDLESS = 1L << 50;

    private record Delivery(int source, long sent) {}

    private final VirtualTime time = new VirtualTime();
    private final Scenario scenario;
    private final Grid grid;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<Nic> nics = new ArrayList<>();
    private final List<ClosedLoop[]> ranks = new ArrayList<>();
    private final Measurement measurement;
    private final List<ClosedLoop> blocked = new ArrayList<>();
    private List<Delivery> deliveries = new ArrayList<>();
    private final long flight;
    private final long hop;
    private final long wire;
    private final long complete;

    SharedSimulation(Scenario scenario) {
        this.scenario = scenario;
        this.grid = scenario.grid();
        Costs costs = scenario.costs();
        this.flight = VirtualTime.nanos(costs.dma() + costs.wire());
        this.hop = VirtualTime.nanos(costs.hop());
        this.wire = VirtualTime.nanos(costs.wire());
        this.complete = VirtualTime.nanos(costs.complete());
        for (int number = 0; number < scenario.simulatedNodes(); number++) {
            SimulatedNode node = new SimulatedNode(number, scenario, RING_BYTES, limits(), this::onRecord, this);
            nodes.add(node);
            nics.add(new Nic(time, scenario.nic(), scenario.seed() + number));
            ClosedLoop[] here = new ClosedLoop[scenario.ranks()];
            for (int place = 0; place < here.length; place++) {
                here[place] = new ClosedLoop(time, scenario, number, place, costs.ringWrite(), this::trySend);
            }
            ranks.add(here);
        }
        this.measurement = new Measurement(time, nics.getFirst(),
                (long) nodes.size() * scenario.ranks() * scenario.messages());
    }

    static Figures run(Scenario scenario) {
        try (SharedSimulation simulation = new SharedSimulation(scenario)) {
            return simulation.run();
        }
    }

    private Figures run() {
        for (ClosedLoop[] here : ranks) {
            for (ClosedLoop rank : here) {
                rank.go();
            }
        }
        while (time.step()) {
            // until every message has arrived
        }
        long messages = (long) nodes.size() * scenario.ranks() * scenario.messages();
        if (measurement.delivered() != messages) {
            throw new IllegalStateException(measurement.delivered() + " of " + messages
                    + " messages arrived: " + scenario);
        }
        return Figures.of(scenario, measurement, nodes.getFirst().bytes());
    }

    private boolean trySend(ClosedLoop from, int toNode, int toPlace) {
        SimulatedNode node = nodes.get(from.node());
        int destination = toNode * scenario.ranks() + toPlace;
        RemoteLink link = node.link(from.place(), destination);
        long payload = link.claim(scenario.bytes());
        if (payload == RecordLink.BACK_PRESSURED) {
            blocked.add(from);
            return false;
        }
        node.rank(from.place()).memory().set(ValueLayout.JAVA_LONG, payload, time.now());
        link.publish(SimulatedNode.header(scenario.bytes()));
        SimulatedShard shard = node.shardOf(from.place(), destination);
        time.after(hop, shard::plan);
        return true;
    }

    private void onRecord(SimulatedNode node, int place, int source, long header, long payload) {
        deliveries.add(new Delivery(source, node.rank(place).memory().get(ValueLayout.JAVA_LONG, payload)));
    }

    @Override
    public int onRound(SimulatedShard shard, boolean delivered) {
        return delivered ? shard.node().pollRanks() : 0;
    }

    @Override
    public void onRoundEnd(SimulatedShard shard, long end) {
        if (!deliveries.isEmpty()) {
            List<Delivery> arrived = deliveries;
            deliveries = new ArrayList<>();
            time.at(end + hop, () -> arrive(arrived));
        }
        if (!blocked.isEmpty()) {
            List<ClosedLoop> waiting = List.copyOf(blocked);
            blocked.clear();
            time.at(end, () -> waiting.forEach(ClosedLoop::unblock));
        }
    }

    private void arrive(List<Delivery> arrived) {
        for (Delivery delivery : arrived) {
            measurement.delivered(delivery.sent);
        }
        time.after(wire, () -> arrived.forEach(delivery -> sender(delivery.source).acknowledged()));
    }

    private ClosedLoop sender(int rank) {
        return ranks.get(scenario.whole() ? rank / scenario.ranks() : 0)[rank % scenario.ranks()];
    }

    @Override
    public void transmit(SimulatedShard shard, SimulatedChannel channel, SimulatedChannel.Frame frame) {
        int from = shard.node().number();
        int to = channel.peer();
        int target = scenario.whole() ? to : 0;
        int seenAs = scenario.whole() ? from : grid.seenFrom(to, from);
        nics.get(from).send(context(shard, to), frame.bytes().length, () -> time.after(flight, () -> {
            nics.get(target).receive(context(shard, seenAs), frame.bytes().length,
                    () -> time.after(complete, () -> arrive(shard.number(), target, to, seenAs, frame)));
            if (!frame.isCopied() && frame.context() != SimulatedEndpoint.RELAYED) {
                time.after(wire, () -> {
                    shard.endpoint().onSent(channel, frame.context());
                    shard.plan();
                });
            }
        }));
    }

    private void arrive(int shardNumber, int target, int to, int seenAs, SimulatedChannel.Frame frame) {
        SimulatedNode node = nodes.get(target);
        Runnable onTaken = () -> returnCredit(shardNumber, target, seenAs);
        if (scenario.whole()) {
            arrive(node.shard(shardNumber), seenAs, frame.bytes(), onTaken);
            return;
        }
        byte[][] parts = mirror(node, shardNumber, frame.bytes(), to);
        for (int shard = 0; shard < parts.length; shard++) {
            if (parts[shard].length > 0) {
                arrive(node.shard(shard), seenAs, parts[shard], onTaken);
                onTaken = () -> { };
            }
        }
    }

    private static void arrive(SimulatedShard shard, int from, byte[] bytes, Runnable onTaken) {
        SimulatedChannel channel = shard.endpoint().channel(from);
        open(shard.endpoint(), channel);
        shard.endpoint().onFrame(channel, bytes, onTaken);
        shard.plan();
    }

    /**
     * Makes a frame that was sent to node {@code to} what the mirror of its sender would have sent to node 0. Which
     * shard carries a pair follows from its ranks, so that the mirrored records may belong to other shards.
     */
    private byte[][] mirror(SimulatedNode node, int shardNumber, byte[] frame, int to) {
        ByteArrayOutputStream[] parts = new ByteArrayOutputStream[scenario.shards()];
        Arrays.setAll(parts, shard -> new ByteArrayOutputStream());
        FrameRecords records = new FrameRecords(frame);
        while (records.next()) {
            int shard = shardNumber;
            if (!records.isOwn()) {
                int destination = mirrored(records.destination(), to);
                int source = mirrored(records.source(), to);
                records.address(destination, source);
                shard = node.shardOfRanks(source, destination);
            }
            parts[shard].write(frame, records.offset(), records.bytes());
        }
        return Arrays.stream(parts).map(ByteArrayOutputStream::toByteArray).toArray(byte[][]::new);
    }

    private int mirrored(int rank, int origin) {
        return grid.seenFrom(origin, rank / scenario.ranks()) * scenario.ranks() + rank % scenario.ranks();
    }

    private long context(SimulatedShard shard, int peer) {
        return (long) peer * scenario.shards() + shard.number();
    }

    @Override
    public void connect(SimulatedEndpoint endpoint, SimulatedChannel channel) {
        open(endpoint, channel);
    }

    @Override
    public boolean mayPost(SimulatedEndpoint endpoint) {
        return true;
    }

    private static void open(SimulatedEndpoint endpoint, SimulatedChannel channel) {
        if (channel.open()) {
            endpoint.onConnected(channel);
        }
    }

    /** The node has taken a frame that came from {@code peer}. */
    private void returnCredit(int shardNumber, int node, int peer) {
        SimulatedShard sender = nodes.get(scenario.whole() ? peer : 0).shard(shardNumber);
        SimulatedChannel sending = sender.endpoint().channel(scenario.whole() ? node : grid.seenFrom(peer, 0));
        time.after(wire, () -> {
            boolean wanted = sending.onCredit();
            if (!sending.isBusy()) {
                wanted |= sender.endpoint().release(sending) != null;
            }
            if (wanted) {
                sender.plan();
            }
        });
    }

    /**
     * The settings' defaults. Mirrors and relays have no way back to the shard that gave a credit, so there credit
     * never runs out; with the messages of these runs it would not either.
     */
    private MultiplexerOptions limits() {
        MultiplexerOptions limits = MultiplexerOptions.of(Settings.load());
        boolean credit = scenario.whole() && scenario.design() == Design.SHARED;
        return new MultiplexerOptions(1000L * scenario.holdMicros(), credit ? limits.creditBytes() : ENDLESS,
                limits.laneBytes());
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
        return scenario.design() == Design.TWO_LEVEL ? new Relay(scenario, node, MAX_FRAME) : null;
    }

    @Override
    public void onNodeLost(SimulatedNode node, int lost, ChannelFailure failure) {
        throw new IllegalStateException("node " + lost + " was lost on a network without faults: " + failure);
    }

    @Override
    public void onJobFailed(SimulatedNode node, JobFailure failure) {
        throw new IllegalStateException("the job failed on a network without faults: " + failure);
    }

    @Override
    public void close() {
        nodes.forEach(SimulatedNode::close);
    }
}
