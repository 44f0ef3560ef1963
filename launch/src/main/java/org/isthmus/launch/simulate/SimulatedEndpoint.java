package org.isthmus.launch.simulate;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.isthmus.node.spi.Capabilities;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointAddress;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.spi.MemoryRegion;

/**
 * One shard's end of the simulated network: what the multiplexer's own code talks to. Frames that its tries accept are
 * collected until its round is over; what arrives waits until it polls.
 */
final class SimulatedEndpoint implements Endpoint {
    /** Context of a frame that is not the multiplexer's. */
    static final long RELAYED = -1;

    private static final int WINDOW = 16;

    /** What waits for a poll: a frame and what to do when it is taken, or, without bytes, news for the handler. */
    private record Arrival(SimulatedChannel channel, byte[] bytes, Runnable then) {}

    /** Told of what the multiplexer's code does. */
    interface Network {
        /** The channel to {@code channel.peer()} is wanted. */
        void connect(SimulatedEndpoint endpoint, SimulatedChannel channel);

        /** Whether the network takes a frame now; if not, it plans the shard's next round. */
        boolean mayPost(SimulatedEndpoint endpoint);
    }

    private final EndpointContext context;
    private final Capabilities capabilities;
    private final Network network;
    private final ChannelHandler handler;
    private final SimulatedChannel[] channels;
    private final ActiveChannels active;
    private final Relay relay;
    private final ArrayDeque<Arrival> arrivals = new ArrayDeque<>();
    private final List<SimulatedChannel> posting = new ArrayList<>();
    private int taken;
    private long registered;

    /**
     * @param maxFrame most bytes of a frame
     * @param maxActive most channels that may send at a time; 0: all
     * @param relay of records that go on to other nodes; null if every node is a neighbour
     */
    SimulatedEndpoint(EndpointContext context, int maxFrame, int maxActive, Relay relay, Network network) {
        this.context = context;
        this.network = network;
        this.handler = context.handler();
        this.capabilities = new Capabilities(maxFrame, 1, WINDOW, WINDOW, 1, Capabilities.Delivery.UNTIL_FAILURE,
                Capabilities.OneSided.NONE, true);
        this.channels = new SimulatedChannel[context.nodes()];
        this.active = new ActiveChannels(maxActive);
        this.relay = relay;
    }

    int node() {
        return context.node();
    }

    int shard() {
        return context.shard();
    }

    SimulatedChannel channel(int peer) {
        if (channels[peer] == null) {
            channels[peer] = new SimulatedChannel(this, peer);
        }
        return channels[peer];
    }

    boolean mayPost(SimulatedChannel channel) {
        return network.mayPost(this) && active.admit(channel);
    }

    /** The channel has nothing under way any more. Returns whose turn to send has come; null if nobody's has. */
    SimulatedChannel release(SimulatedChannel channel) {
        return active.release(channel);
    }

    void onPosted(SimulatedChannel channel) {
        posting.add(channel);
    }

    /** Channels to which frames were posted since the last call, once for each frame. */
    void drainPosted(Consumer<SimulatedChannel> consumer) {
        posting.forEach(consumer);
        posting.clear();
    }

    /** Frames that the multiplexer and the relay took since the last call. */
    int takeTaken() {
        int was = taken;
        taken = 0;
        return was;
    }

    /** Whether a poll would find something. */
    boolean hasArrivals() {
        return !arrivals.isEmpty() || relay != null && !relay.isEmpty();
    }

    /** @param onTaken runs when the multiplexer has taken it */
    void onFrame(SimulatedChannel channel, byte[] bytes, Runnable onTaken) {
        arrivals.add(new Arrival(channel, bytes, onTaken));
    }

    void onSent(SimulatedChannel channel, long frame) {
        arrivals.add(new Arrival(channel, null, () -> handler.onSent(channel, frame)));
    }

    void onConnected(SimulatedChannel channel) {
        arrivals.add(new Arrival(channel, null, () -> handler.onConnected(channel)));
    }

    /** The queue pair is gone for good; frames that had arrived are lost with it. */
    void onFailed(SimulatedChannel channel, ChannelFailure failure) {
        if (channel.fail(failure)) {
            arrivals.removeIf(arrival -> arrival.channel == channel);
            arrivals.add(new Arrival(channel, null, () -> handler.onClosed(channel, failure)));
        }
    }

    @Override
    public int poll(int limit) {
        int done = 0;
        Set<SimulatedChannel> refusing = null;
        for (int waiting = arrivals.size(); waiting > 0 && done < limit; waiting--) {
            Arrival arrival = arrivals.poll();
            if (arrival.bytes == null) {
                arrival.then.run();
            } else if (refusing != null && refusing.contains(arrival.channel) || !take(arrival)) {
                refusing = refusing == null ? new HashSet<>() : refusing;
                refusing.add(arrival.channel);
                arrivals.add(arrival);
                continue;
            }
            done++;
        }
        if (relay != null) {
            done += relay.flush(this);
        }
        return done;
    }

    private boolean take(Arrival arrival) {
        if (relay != null) {
            relay.take(this, arrival.bytes, handler);
        } else if (!handler.onFrame(arrival.channel, MemorySegment.ofArray(arrival.bytes), 0, arrival.bytes.length)) {
            return false;
        }
        taken++;
        arrival.then.run();
        return true;
    }

    @Override
    public Channel connect(int node, EndpointAddress address) {
        context.requirePeer(node);
        SimulatedChannel channel = channel(node);
        if (channel.begin()) {
            network.connect(this, channel);
        }
        return channel;
    }

    @Override
    public EndpointAddress address() {
        return address(context.node());
    }

    /** Every shard of a node has the same. */
    static EndpointAddress address(int node) {
        return new EndpointAddress("simulated", new byte[] {(byte) (node >> 8), (byte) node});
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public MemoryRegion register(MemorySegment memory) {
        registered += memory.byteSize();
        return new SimulatedRegion(memory);
    }

    /** Bytes that the multiplexer sends from. */
    long registeredBytes() {
        return registered;
    }

    @Override
    public void await(long nanos) {
        throw new UnsupportedOperationException("virtual time does not pass in a wait");
    }

    @Override
    public void wakeup() {
        // whoever has work for the multiplexer plans its next round
    }

    @Override
    public void abort() {
        close();
    }

    @Override
    public void close() {
        arrivals.clear();
    }
}
