package org.isthmus.node.spi;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A backend whose frames get lost, doubled, late and out of order on arrival, as its {@link Plan} says; everything else
 * is another backend's. The same seed and the same frames give the same faults. At most {@link #MAX_HELD}
 * frames are held back.
 */
public final class FaultyBackend implements Backend {
    static final int MAX_HELD = 64;

    /**
     * How often what happens.
     *
     * @param seed of the one source of chance
     * @param loss share of frames that are lost
     * @param duplicate share of frames that arrive a second time, later
     * @param late share of frames that are held back, for 1 to {@code polls} polls, and so overtaken
     */
    public record Plan(long seed, double loss, double duplicate, double late, int polls) {}

    private final Backend inner;
    private final Plan plan;

    public FaultyBackend(Backend inner, Plan plan) {
        this.inner = inner;
        this.plan = plan;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public FaultyEndpoint open(EndpointContext context) throws IOException {
        Faults faults = new Faults(plan, context.handler());
        Endpoint endpoint = inner.open(new EndpointContext(context.job(), context.node(), context.nodes(),
                context.shard(), context.settings(), faults));
        return new FaultyEndpoint(endpoint, faults);
    }

    /** A frame on its way, late. */
    private record Held(Channel channel, MemorySegment bytes, long duePoll) {}

    /** Stands before the owner's handler. */
    private static final class Faults implements ChannelHandler {
        private final Plan plan;
        private final ChannelHandler owner;
        private final Random random;
        private final List<Held> held = new ArrayList<>();
        private long polls;
        private long lost;
        private long doubled;
        private long late;

        Faults(Plan plan, ChannelHandler owner) {
            this.plan = plan;
            this.owner = owner;
            this.random = new Random(plan.seed());
        }

        int release() {
            polls++;
            int before = held.size();
            held.removeIf(frame -> frame.duePoll() <= polls
                    && owner.onFrame(frame.channel(), frame.bytes(), 0, (int) frame.bytes().byteSize()));
            return before - held.size();
        }

        @Override
        public boolean onFrame(Channel channel, MemorySegment memory, long offset, int length) {
            boolean room = held.size() < MAX_HELD;
            if (random.nextDouble() < plan.loss()) {
                lost++;
                return true;
            } else if (room && random.nextDouble() < plan.late()) {
                late++;
                return hold(channel, memory, offset, length);
            } else if (!owner.onFrame(channel, memory, offset, length)) {
                return false;
            } else if (room && random.nextDouble() < plan.duplicate()) {
                doubled++;
                return hold(channel, memory, offset, length);
            }
            return true;
        }

        private boolean hold(Channel channel, MemorySegment memory, long offset, int length) {
            MemorySegment copy = Arena.ofAuto().allocate(length, 8).copyFrom(memory.asSlice(offset, length));
            return held.add(new Held(channel, copy, polls + 1 + random.nextInt(plan.polls())));
        }

        @Override
        public void onConnected(Channel channel) {
            owner.onConnected(channel);
        }

        @Override
        public void onSent(Channel channel, long context) {
            owner.onSent(channel, context);
        }

        @Override
        public void onReceived(Channel channel, long context, long length) {
            owner.onReceived(channel, context, length);
        }

        @Override
        public void onDone(Channel channel, long context) {
            owner.onDone(channel, context);
        }

        @Override
        public void onClosed(Channel channel, ChannelFailure failure) {
            held.removeIf(frame -> frame.channel() == channel);
            owner.onClosed(channel, failure);
        }
    }

    /** The endpoint, with counts of its faults. */
    public static final class FaultyEndpoint implements Endpoint {
        private final Endpoint inner;
        private final Faults faults;

        FaultyEndpoint(Endpoint inner, Faults faults) {
            this.inner = inner;
            this.faults = faults;
        }

        public long lost() {
            return faults.lost;
        }

        public long doubled() {
            return faults.doubled;
        }

        public long late() {
            return faults.late;
        }

        @Override
        public int poll(int limit) {
            return faults.release() + inner.poll(limit);
        }

        @Override
        public Capabilities capabilities() {
            Capabilities c = inner.capabilities();
            return new Capabilities(c.maxFrame(), c.maxRegion(), c.sendWindow(), c.receiveWindow(), c.rails(),
                    Capabilities.Delivery.DATAGRAM, c.oneSided(), false);
        }

        @Override
        public EndpointAddress address() {
            return inner.address();
        }

        @Override
        public MemoryRegion register(MemorySegment memory) {
            return inner.register(memory);
        }

        @Override
        public Channel connect(int node, EndpointAddress address) {
            return inner.connect(node, address);
        }

        @Override
        public void await(long nanos) {
            // frames that are held back wake nobody
        }

        @Override
        public void wakeup() {
            inner.wakeup();
        }

        @Override
        public void abort() {
            inner.abort();
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
