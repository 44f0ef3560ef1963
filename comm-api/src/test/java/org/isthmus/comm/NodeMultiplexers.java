package org.isthmus.comm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.isthmus.node.config.Settings;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.mux.Conductor;
import org.isthmus.node.mux.FailureListener;
import org.isthmus.node.mux.JobFailure;
import org.isthmus.node.mux.MultiplexerOptions;
import org.isthmus.node.mux.NodeDirectory;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.EndpointAddress;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.wire.JobIdentification;

/** The multiplexers of several nodes, each a thread or more of this JVM, joined by a backend. */
final class NodeMultiplexers {
    private final List<Thread> threads = new ArrayList<>();
    private final List<Conductor> multiplexers = new ArrayList<>();

    NodeMultiplexers(NodeSegment[] segments, NodeRanks[] ranks, EndpointOptions options, MultiplexerOptions limits,
            Backend backend, Settings settings, BiConsumer<Integer, Throwable> onFailure) throws IOException {
        int nodes = segments.length;
        EndpointOptions rings = new EndpointOptions(options.ringBytes(), ranks[0].jobSize(), options.heap(),
                options.spins(), options.yields(), options.ringVariant());
        int[] nodeOfRank = new int[ranks[0].jobSize()];
        for (int node = 0; node < nodes; node++) {
            for (int place = 0; place < ranks[node].count(); place++) {
                nodeOfRank[ranks[node].rank(place)] = node;
            }
        }
        EndpointAddress[][] addresses = new EndpointAddress[nodes][];
        JobIdentification job = new JobIdentification("test", new byte[JobIdentification.MIN_SECRET_BYTES]);
        for (int node = 0; node < nodes; node++) {
            int me = node;
            Conductor multiplexer = new Conductor(segments[node], ranks[node], rings, true, limits,
                    (shard, handler) -> backend.open(
                            new EndpointContext(job, me, nodes, shard, settings, handler)),
                    new FailureListener() {
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
            addresses[node] = multiplexer.addresses();
        }
        NodeDirectory directory = new NodeDirectory(nodeOfRank, addresses);
        for (int node = 0; node < nodes; node++) {
            int me = node;
            Conductor multiplexer = multiplexers.get(node);
            multiplexer.begin(directory);
            threads.add(Thread.ofPlatform().name("multiplexer " + node).start(() -> run(me, multiplexer, onFailure)));
        }
    }

    private static void run(int node, Conductor multiplexer, BiConsumer<Integer, Throwable> onFailure) {
        try {
            multiplexer.run();
        } catch (RuntimeException | Error | InterruptedException e) {
            onFailure.accept(node, e);
        }
    }

    void stop() throws InterruptedException {
        multiplexers.forEach(Conductor::stop);
        for (Thread thread : threads) {
            thread.join();
        }
        multiplexers.forEach(Conductor::close);
    }
}
