package org.isthmus.comm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.isthmus.node.config.Settings;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.Waiter;
import org.isthmus.node.mux.JobFailure;
import org.isthmus.node.mux.Multiplexer;
import org.isthmus.node.mux.MultiplexerLoop;
import org.isthmus.node.mux.NodeDirectory;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointAddress;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.spi.LoopbackBackend;
import org.isthmus.node.wire.JobIdentification;

/** The multiplexers of several nodes, each a thread of this JVM, joined by the loopback backend. */
final class LoopbackNodes {
    private final List<Thread> threads = new ArrayList<>();
    private final List<Multiplexer> multiplexers = new ArrayList<>();
    private final List<MultiplexerLoop> loops = new ArrayList<>();

    LoopbackNodes(NodeSegment[] segments, NodeRanks[] ranks, EndpointOptions options,
            BiConsumer<Integer, Throwable> onFailure) {
        int nodes = segments.length;
        EndpointOptions rings = new EndpointOptions(options.ringBytes(), ranks[0].jobSize(), options.heap(),
                options.spins(), options.yields());
        int[] nodeOfRank = new int[ranks[0].jobSize()];
        for (int node = 0; node < nodes; node++) {
            for (int place = 0; place < ranks[node].count(); place++) {
                nodeOfRank[ranks[node].rank(place)] = node;
            }
        }
        EndpointAddress[] addresses = new EndpointAddress[nodes];
        JobIdentification job = new JobIdentification("test", new byte[JobIdentification.MIN_SECRET_BYTES]);
        List<Endpoint> endpoints = new ArrayList<>();
        List<Waiter> waiters = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            int me = node;
            RankEndpoint end = new RankEndpoint(segments[node], ranks[node].multiplexer(), rings, true);
            Multiplexer multiplexer = new Multiplexer(end, ranks[node], new Multiplexer.FailureListener() {
                @Override
                public void onNodeLost(int lost, ChannelFailure failure) {
                    onFailure.accept(me, new IllegalStateException("node " + lost + " lost: " + failure));
                }

                @Override
                public void onJobFailed(JobFailure failure) {
                    onFailure.accept(me, new IllegalStateException(failure.description()));
                }
            });
            multiplexers.add(multiplexer);
            waiters.add(end.waiter());
            Endpoint endpoint = new LoopbackBackend().open(
                    new EndpointContext(job, node, nodes, 0, Settings.load(), multiplexer));
            endpoints.add(endpoint);
            addresses[node] = endpoint.address();
        }
        NodeDirectory directory = new NodeDirectory(nodeOfRank, addresses);
        for (int node = 0; node < nodes; node++) {
            int me = node;
            Multiplexer multiplexer = multiplexers.get(node);
            multiplexer.attach(endpoints.get(node), directory);
            MultiplexerLoop loop = new MultiplexerLoop(multiplexer, waiters.get(node), endpoints.get(node));
            loops.add(loop);
            threads.add(Thread.ofPlatform().name("multiplexer " + node).start(() -> run(me, loop, onFailure)));
        }
    }

    private static void run(int node, MultiplexerLoop loop, BiConsumer<Integer, Throwable> onFailure) {
        try {
            loop.run();
        } catch (RuntimeException | Error e) {
            onFailure.accept(node, e);
        }
    }

    void stop() throws InterruptedException {
        loops.forEach(MultiplexerLoop::stop);
        for (Thread thread : threads) {
            thread.join();
        }
        multiplexers.forEach(Multiplexer::close);
    }
}
