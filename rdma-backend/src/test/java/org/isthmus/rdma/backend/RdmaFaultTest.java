package org.isthmus.rdma.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.isthmus.node.config.Settings;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.spi.TestNode;
import org.isthmus.node.wire.JobIdentification;
import org.isthmus.rdma.extension.VerbsProviders;
import org.isthmus.rdma.software.SoftwareFabric;
import org.isthmus.rdma.software.SoftwareProvider;
import org.isthmus.rdma.software.WireFault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queue pairs that fail, peers that go, wrong keys, and more nodes than queue pairs may be active. */
@Timeout(120)
class RdmaFaultTest {
    private static final int LIMIT = 64;
    private static final int FRAMES = 2_000;
    private static final int REGIONS = 40;
    private static final int REGION_BYTES = 700_000;

    private final SoftwareFabric fabric = SoftwareProvider.shared().fabric();
    private final List<TestNode> nodes = new ArrayList<>();

    @BeforeEach
    void useSoftware() {
        VerbsProviders.replace(SoftwareProvider.shared());
    }

    @AfterEach
    void close() {
        fabric.setFault(null);
        nodes.forEach(TestNode::close);
        assertEquals(List.of(), fabric.queuePairs(), "queue pairs are left");
    }

    private void open(int count, String... settings) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("isthmus.rdma.provider", "software");
        properties.setProperty("isthmus.rdma.timeout.close", "50ms");
        for (int i = 0; i < settings.length; i += 2) {
            properties.setProperty(settings[i], settings[i + 1]);
        }
        Settings all = Settings.of(Map.of(), properties);
        JobIdentification job = new JobIdentification("job", new byte[JobIdentification.MIN_SECRET_BYTES]);
        for (int i = 0; i < count; i++) {
            int node = i;
            nodes.add(new TestNode(new RdmaBackend(),
                    handler -> new EndpointContext(job, node, count, 0, all, handler), 16 << 10));
        }
    }

    private Channel connect(int from, int to) {
        nodes.get(from).endpoint.connect(to, nodes.get(to).endpoint.address());
        until(() -> nodes.get(from).connected.containsKey(to) && nodes.get(to).connected.containsKey(from));
        return nodes.get(from).connected.get(to);
    }

    private void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new AssertionError("timed out: " + nodes.stream().map(node -> node.failures).toList());
            }
            for (TestNode node : nodes) {
                node.endpoint.poll(LIMIT);
            }
        }
    }

    private long count(int node, RdmaCounters.Counter counter) {
        return ((RdmaEndpoint) nodes.get(node).endpoint).total().get(counter);
    }

    /** Frames and regions from node 0 to node 1, which must arrive once, in order and whole. */
    private void transfer(Runnable between) {
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
            if (sent[0] < FRAMES && a.trySendFrame(ab, random.nextInt(3_000)) == Channel.ACCEPTED) {
                sent[0]++;
            }
            if (sent[1] < REGIONS && sent[1] < checked[0] + 4) {
                TestNode.fill(a.memory, (long) (sent[1] % 4) * REGION_BYTES, REGION_BYTES, sent[1]);
                sent[1] += ab.trySendRegion(a.region, (long) (sent[1] % 4) * REGION_BYTES, REGION_BYTES, sent[1])
                        == Channel.ACCEPTED ? 1 : 0;
            }
            if (placed[0] < REGIONS && placed[0] < checked[0] + 4) {
                placed[0] += ba.tryReceiveRegion(b.region, (long) (placed[0] % 4) * REGION_BYTES, REGION_BYTES, placed[0])
                        == Channel.ACCEPTED ? 1 : 0;
            }
            while (b.regionsReceived.size() > 2 * checked[0]) {
                assertEquals(checked[0], b.regionsReceived.get(2 * checked[0]));
                TestNode.verify(b.memory, (long) (checked[0] % 4) * REGION_BYTES, REGION_BYTES, checked[0]);
                checked[0]++;
            }
            assertEquals(Map.of(), a.failures);
            assertEquals(Map.of(), b.failures);
            return checked[0] == REGIONS && b.framesReceived == FRAMES && a.framesReported == FRAMES
                    && a.regionsSent.size() == REGIONS;
        });
        assertEquals(FRAMES, b.framesReceived);
    }

    @Test
    void queuePairsThatAreKilledInATransferAreReplacedWithoutLoss() throws IOException {
        open(2);
        connect(0, 1);
        Random random = new Random(5);
        TestNode receiver = nodes.get(1);
        long[] arrived = new long[1];
        transfer(() -> {
            List<Integer> all = fabric.queuePairs();
            long now = receiver.framesReceived + 50L * receiver.regionsReceived.size();
            if (now > arrived[0] + 200 && !all.isEmpty()) {
                arrived[0] = now;
                fabric.breakQueuePair(all.get(random.nextInt(all.size())));
            }
        });
        assertTrue(count(0, RdmaCounters.Counter.LINKS_CONNECTED) > 5);
    }

    @Test
    void whatArrivedWithoutAnAnswerIsNotTakenTwice() throws IOException {
        faults(WireFault.Verdict.LOSE_ANSWER);
    }

    @Test
    void whatWasLostIsSentAgain() throws IOException {
        faults(WireFault.Verdict.LOSE);
        assertTrue(count(0, RdmaCounters.Counter.MESSAGES_RESENT) + count(0, RdmaCounters.Counter.TRANSFERS_REPEATED) > 0);
    }

    private void faults(WireFault.Verdict verdict) throws IOException {
        open(2);
        connect(0, 1);
        Random random = new Random(9);
        fabric.setFault((qp, opcode, bytes) -> random.nextInt(120) == 0 ? verdict : WireFault.Verdict.DELIVER);
        transfer(() -> { });
        assertTrue(count(0, RdmaCounters.Counter.LINKS_BROKEN) + count(1, RdmaCounters.Counter.LINKS_BROKEN) > 0);
    }

    @Test
    void aPlaceThatIsNoLongerRegisteredFailsTheTransferAndIsNamed() throws IOException {
        open(2, "isthmus.rdma.timeout.connect", "4s");
        Channel ab = connect(0, 1);
        TestNode b = nodes.get(1);
        assertEquals(Channel.ACCEPTED, b.connected.get(0).tryReceiveRegion(b.region, 0, 1000, 1));
        b.region.close();
        assertEquals(Channel.ACCEPTED, ab.trySendRegion(nodes.get(0).region, 0, 1000, 1));
        until(() -> nodes.get(0).failures.containsKey(1) && b.failures.containsKey(0));
        ChannelFailure failure = nodes.get(0).failures.get(1);
        assertEquals(ChannelFailure.Cause.BAD_FRAME, failure.cause());
        assertTrue(failure.description().contains("node 1") && failure.description().contains("status 10"),
                failure.description());
        assertEquals(List.of(), b.regionsReceived);
    }

    @Test
    void aPeerThatIsGoneIsNamedByBothWhoDialledAndWhoDidNot() throws IOException {
        open(3);
        connect(0, 1);
        connect(1, 2);
        nodes.get(1).endpoint.abort();
        until(() -> nodes.get(0).failures.containsKey(1) && nodes.get(2).failures.containsKey(1));
        for (int node : new int[] {0, 2}) {
            assertEquals(ChannelFailure.Cause.PEER_LOST, nodes.get(node).failures.get(1).cause());
            assertEquals(List.of(1), nodes.get(node).closed);
        }
    }

    @Test
    void noMoreQueuePairsThanAllowedAreActive() throws IOException {
        int count = 6;
        open(count, "isthmus.rdma.active", "2");
        List<Channel> channels = new ArrayList<>();
        for (int peer = 1; peer < count; peer++) {
            channels.add(connect(0, peer));
        }
        RdmaEndpoint hub = (RdmaEndpoint) nodes.get(0).endpoint;
        until(() -> hub.queuePairs() <= 2);
        TestNode center = nodes.get(0);
        for (int round = 0; round < 3; round++) {
            for (TestNode other : nodes.subList(1, count)) {
                center.framesReceived = round;
                long next = round + 1L;
                until(() -> other.trySendFrame(other.connected.get(0), 1000) == Channel.ACCEPTED);
                until(() -> center.framesReceived == next && other.framesReported == next && hub.queuePairs() <= 2);
            }
        }
        assertTrue(count(0, RdmaCounters.Counter.LINKS_DEACTIVATED) >= count - 3);
        assertEquals(Map.of(), nodes.get(0).failures);
    }
}
