package org.isthmus.rdma.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.isthmus.node.config.Settings;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.spi.TestNode;
import org.isthmus.node.wire.JobIdentification;
import org.junit.jupiter.api.AfterEach;

/** Nodes in one process, polled by the test's thread, and a transfer between two of them that may be disturbed. */
abstract class RdmaNodes {
    /** Settings for this machine's device, which may be one in emulation: slow. */
    static final Map<String, String> DEVICE = Map.of("isthmus.rdma.provider", "native",
            "isthmus.rdma.timeout.connect", "60s", "isthmus.rdma.timeout.hello", "20s", "isthmus.rdma.receives", "64");

    private static final int LIMIT = 64;
    private static final int REGION_BYTES = 700_000;

    final List<TestNode> nodes = new ArrayList<>();

    /** Settings of all nodes; the provider and so the device are chosen by them, when a node opens. */
    abstract Map<String, String> settings();

    @AfterEach
    void closeNodes() {
        nodes.forEach(TestNode::close);
    }

    void open(int count, String... settings) throws IOException {
        openShard(0, count, settings);
    }

    /** Opens the endpoints of one shard of so many nodes. */
    void openShard(int shard, int count, String... settings) throws IOException {
        Properties properties = new Properties();
        settings().forEach(properties::setProperty);
        for (int i = 0; i < settings.length; i += 2) {
            properties.setProperty(settings[i], settings[i + 1]);
        }
        Settings all = Settings.of(Map.of(), properties);
        JobIdentification job = new JobIdentification("job", new byte[JobIdentification.MIN_SECRET_BYTES]);
        for (int i = 0; i < count; i++) {
            int node = i;
            nodes.add(new TestNode(new RdmaBackend(),
                    handler -> new EndpointContext(job, node, count, shard, all, handler), 16 << 10));
        }
    }

    Channel connect(int from, int to) {
        nodes.get(from).endpoint.connect(to, nodes.get(to).endpoint.address());
        until(() -> nodes.get(from).connected.containsKey(to) && nodes.get(to).connected.containsKey(from));
        return nodes.get(from).connected.get(to);
    }

    void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new AssertionError("timed out: " + nodes.stream().map(node -> node.failures).toList());
            }
            for (TestNode node : nodes) {
                node.endpoint.poll(LIMIT);
            }
        }
    }

    long count(int node, RdmaCounters.Counter counter) {
        return endpoint(node).total().get(counter);
    }

    /** Frames and regions from node 0 to node 1, which must arrive once, in order and whole. */
    void transfer(int frames, int regions, Runnable between) {
        TestNode a = nodes.get(0);
        TestNode b = nodes.get(1);
        Channel ab = a.connected.get(1);
        Channel ba = b.connected.get(0);
        Random random = new Random(3);
        int[] sent = new int[2];
        int[] placed = new int[1];
        int[] checked = new int[1];
        until(() -> {
            between.run();
            if (sent[0] < frames && a.trySendFrame(ab, random.nextInt(3_000)) == Channel.ACCEPTED) {
                sent[0]++;
            }
            if (sent[1] < regions && sent[1] < checked[0] + 4) {
                TestNode.fill(a.memory, (long) (sent[1] % 4) * REGION_BYTES, REGION_BYTES, sent[1]);
                sent[1] += ab.trySendRegion(a.region, (long) (sent[1] % 4) * REGION_BYTES, REGION_BYTES, sent[1])
                        == Channel.ACCEPTED ? 1 : 0;
            }
            if (placed[0] < regions && placed[0] < checked[0] + 4) {
                placed[0] += ba.tryReceiveRegion(b.region, (long) (placed[0] % 4) * REGION_BYTES, REGION_BYTES,
                        placed[0]) == Channel.ACCEPTED ? 1 : 0;
            }
            while (b.regionsReceived.size() > 2 * checked[0]) {
                assertEquals(checked[0], b.regionsReceived.get(2 * checked[0]));
                TestNode.verify(b.memory, (long) (checked[0] % 4) * REGION_BYTES, REGION_BYTES, checked[0]);
                checked[0]++;
            }
            assertEquals(Map.of(), a.failures);
            assertEquals(Map.of(), b.failures);
            return checked[0] == regions && b.framesReceived == frames && a.framesReported == frames
                    && a.regionsSent.size() == regions;
        });
        assertEquals(frames, b.framesReceived);
    }

    RdmaEndpoint endpoint(int node) {
        return (RdmaEndpoint) nodes.get(node).endpoint;
    }
}
