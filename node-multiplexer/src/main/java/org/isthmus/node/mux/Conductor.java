package org.isthmus.node.mux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.ChannelHandler;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointAddress;
import org.isthmus.node.status.LinkTable;
import org.isthmus.node.status.NodeStatus;

/**
 * A node's multiplexer: its shards, their threads, and what concerns all of them. One shard runs in the thread that
 * calls {@link #run}; each further one has a thread of its own.
 *
 * <pre>
 *   open --{@link #begin}--> ready --{@link #run}--> running --{@link #stop}--> {@link #drain} --> {@link #close}
 * </pre>
 *
 * {@link #stop}, {@link #fail} and {@link #isFailureOut} may be called by any thread, everything else by one.
 */
public final class Conductor implements AutoCloseable {
    private final NodeSegment segment;
    private final NodeRanks ranks;
    private final Shard[] shards;
    private final MultiplexerLoop[] loops;
    private final AtomicReference<Throwable> broken = new AtomicReference<>();

    /** Opens the backend's endpoint of one shard. */
    public interface Opener {
        Endpoint open(int shard, ChannelHandler handler) throws IOException;
    }

    /**
     * @param ranks of this node, and how many shards there are
     * @param options of the shards' places, with a ring budget for all ranks of the node
     * @param oversubscribed whether nobody on this node spins
     */
    public Conductor(NodeSegment segment, NodeRanks ranks, EndpointOptions options, boolean oversubscribed,
            MultiplexerOptions limits, Opener opener, FailureListener listener) throws IOException {
        this(segment, ranks, options, oversubscribed, limits, opener, listener, System::nanoTime);
    }

    /** The same with a clock, in nanoseconds, for one who calls {@link #work} in a time of its own. */
    public Conductor(NodeSegment segment, NodeRanks ranks, EndpointOptions options, boolean oversubscribed,
            MultiplexerOptions limits, Opener opener, FailureListener listener, LongSupplier clock) throws IOException {
        this.segment = segment;
        this.ranks = ranks;
        FailureListener oneAtATime = new OneAtATime(listener);
        this.shards = new Shard[ranks.shards()];
        this.loops = new MultiplexerLoop[shards.length];
        for (int i = 0; i < shards.length; i++) {
            RankEndpoint place = new RankEndpoint(segment, ranks.multiplexer(i), options, oversubscribed);
            Sender sender = new Sender(place, ranks, i, limits);
            shards[i] = new Shard(place, sender, new Receiver(place, ranks, i, limits, sender, oneAtATime), clock);
            shards[i].setBackend(opener.open(i, shards[i].handler()));
            loops[i] = new MultiplexerLoop(shards[i]);
        }
    }

    /** Where the shards are reached. */
    public EndpointAddress[] addresses() {
        EndpointAddress[] addresses = new EndpointAddress[shards.length];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = shards[i].backend().address();
        }
        return addresses;
    }

    /** By shard, the path that ranks give to {@link org.isthmus.node.endpoint.Bell#open}; empty for none. */
    public String[] bells() {
        String[] bells = new String[shards.length];
        for (int i = 0; i < bells.length; i++) {
            bells[i] = shards[i].bell();
        }
        return bells;
    }

    /** Tells the shards where the others are; all of those are open. */
    public void begin(NodeDirectory nodes) {
        NodeStatus status = new NodeStatus(segment);
        status.tellOneSided(Stream.of(shards).map(shard -> shard.backend().capabilities().oneSided())
                .min(Comparator.naturalOrder()).orElseThrow());
        LinkTable links = status.createLinks(nodes.count(), shards.length);
        for (int i = 0; i < shards.length; i++) {
            status.joinAsMultiplexer(ranks.multiplexer(i));
            links.describe(i, shards[i].backend().counters());
            shards[i].begin(nodes, new ShardLinks(links, i, nodes.count()));
        }
    }

    /**
     * One round of one shard, instead of {@link #run}: for one who decides itself when a shard's turn is.
     *
     * @param mayHold whether the next round comes soon, so that batches may stay open for it
     * @return how much there was to do
     */
    public int work(int shard, boolean mayHold) {
        return shards[shard].work(mayHold);
    }

    /** Call between {@link #work} and a pause of that shard: tells ranks which of their blocks are free. */
    public void rest(int shard) {
        shards[shard].rest();
    }

    /** Whether nothing waits in a shard to go out or in. Call where {@link #work} is called. */
    public boolean isIdle(int shard) {
        return shards[shard].isIdle();
    }

    /** Runs all shards until {@link #stop}, or ends with the exception of one of them. */
    public void run() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i < loops.length; i++) {
            MultiplexerLoop loop = loops[i];
            threads.add(Thread.ofPlatform().daemon().name("shard " + i).start(() -> run(loop)));
        }
        run(loops[0]);
        for (Thread thread : threads) {
            thread.join();
        }
        if (broken.get() != null) {
            throw new IllegalStateException("a shard of the multiplexer failed: " + broken.get(), broken.get());
        }
    }

    private void run(MultiplexerLoop loop) {
        try {
            loop.run();
        } catch (RuntimeException | Error e) {
            broken.compareAndSet(null, e);
            stop();
        }
    }

    /** Lets {@link #run} return. */
    public void stop() {
        for (MultiplexerLoop loop : loops) {
            loop.stop();
        }
    }

    /** Tells all other nodes soon that the job has failed. */
    public void fail(JobFailure failure) {
        shards[0].fail(failure);
        shards[0].backend().wakeup();
    }

    /** Whether what {@link #fail} was given has left this node. */
    public boolean isFailureOut() {
        return shards[0].isFailureOut();
    }

    /** After {@link #run}: lets out what is still on its way. */
    public void drain() {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (Shard shard : shards) {
                busy |= shard.work(false) > 0 || !shard.isIdle();
            }
        }
    }

    /** After {@link #run}: ends all channels in order. */
    @Override
    public void close() {
        for (Shard shard : shards) {
            shard.close();
        }
    }

    private record OneAtATime(FailureListener listener) implements FailureListener {
        @Override
        public void onNodeLost(int node, ChannelFailure failure) {
            synchronized (listener) {
                listener.onNodeLost(node, failure);
            }
        }

        @Override
        public void onJobFailed(JobFailure failure) {
            synchronized (listener) {
                listener.onJobFailed(failure);
            }
        }
    }
}
