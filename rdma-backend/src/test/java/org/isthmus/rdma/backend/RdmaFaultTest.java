package org.isthmus.rdma.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvSendWR;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.RemoteRegion;
import org.isthmus.node.spi.TestNode;
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
class RdmaFaultTest extends RdmaNodes {
    private static final int FRAMES = 2_000;
    private static final int REGIONS = 40;
    private static final int ROUNDS = Integer.getInteger("isthmus.rdma.rounds", 30);

    private final SoftwareFabric fabric = SoftwareProvider.shared().fabric();

    @BeforeEach
    void useSoftware() {
        VerbsProviders.replace(SoftwareProvider.shared());
    }

    @AfterEach
    void nothingIsLeft() {
        fabric.setFault(null);
        closeNodes();
        assertEquals(List.of(), fabric.queuePairs(), "queue pairs are left");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("isthmus.rdma.provider", "software", "isthmus.rdma.timeout.close", "50ms");
    }

    @Test
    void queuePairsThatAreKilledInATransferAreReplacedWithoutLoss() throws IOException {
        open(2);
        connect(0, 1);
        Random random = new Random(5);
        TestNode receiver = nodes.get(1);
        long[] arrived = new long[1];
        transfer(FRAMES, REGIONS, () -> {
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
        assertTrue(count(0, RdmaCounters.Counter.MESSAGES_RESENT)
                + count(0, RdmaCounters.Counter.TRANSFERS_REPEATED) > 0);
    }

    private void faults(WireFault.Verdict verdict) throws IOException {
        open(2);
        connect(0, 1);
        Random random = new Random(9);
        fabric.setFault((qp, opcode, bytes) -> random.nextInt(120) == 0 ? verdict : WireFault.Verdict.DELIVER);
        transfer(FRAMES, REGIONS, () -> { });
        assertTrue(count(0, RdmaCounters.Counter.LINKS_BROKEN) + count(1, RdmaCounters.Counter.LINKS_BROKEN) > 0);
    }

    /**
     * One node begins the channel, or both do, and queue pairs die at any step of its making: it becomes one channel of
     * both.
     */
    @Test
    void queuePairsThatDieWhileNodesConnectDoNotEndTheChannel() throws IOException {
        long seed = Long.getLong("isthmus.rdma.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            open(2);
            TestNode a = nodes.get(0);
            TestNode b = nodes.get(1);
            a.endpoint.connect(1, b.endpoint.address());
            if (round % 2 == 0) {
                b.endpoint.connect(0, a.endpoint.address());
            }
            int kills = random.nextInt(6);
            for (int step = 0; step < 400 && kills > 0; step++) {
                nodes.get(random.nextInt(2)).endpoint.poll(64);
                List<Integer> all = fabric.queuePairs();
                if (!all.isEmpty() && random.nextInt(20) == 0) {
                    kills--;
                    fabric.breakQueuePair(all.get(random.nextInt(all.size())));
                }
                LockSupport.parkNanos(random.nextInt(100_000));
            }
            String seeds = "seed " + seed + ", round " + round;
            until(() -> {
                assertEquals(Map.of(), a.failures, seeds);
                assertEquals(Map.of(), b.failures, seeds);
                return a.connected.containsKey(1) && b.connected.containsKey(0);
            });
            long id = endpoint(0).channel(1).id();
            assertTrue(endpoint(1).admissions().isOf(0, id), seeds);
            until(() -> a.trySendFrame(a.connected.get(1), 100) == Channel.ACCEPTED);
            until(() -> b.trySendFrame(b.connected.get(0), 100) == Channel.ACCEPTED);
            until(() -> a.framesReceived == 1 && b.framesReceived == 1);
            nodes.forEach(node -> node.endpoint.abort());
            nodes.clear();
        }
    }

    @Test
    void oneSidedCopiesAreRepeatedAfterABreak() throws IOException {
        open(2);
        Channel ab = connect(0, 1);
        TestNode a = nodes.get(0);
        TestNode b = nodes.get(1);
        Random random = new Random(3);
        fabric.setFault((qp, opcode, bytes) -> opcode == IbvSendWR.IBV_WR_RDMA_WRITE && random.nextInt(10) == 0
                ? random.nextBoolean() ? WireFault.Verdict.LOSE : WireFault.Verdict.LOSE_ANSWER
                : WireFault.Verdict.DELIVER);
        int count = 200;
        for (int i = 0; i < count; i++) {
            int number = i;
            TestNode.fill(a.memory, 1000L * i, 1000, i);
            until(() -> ab.tryWrite(a.region, 1000L * number, 1000, b.region.remote(), 1000L * number, number)
                    == Channel.ACCEPTED);
        }
        until(() -> a.done.size() == count);
        for (int i = 0; i < count; i++) {
            assertEquals(i, a.done.get(i));
            TestNode.verify(b.memory, 1000L * i, 1000, i);
        }
        assertTrue(count(0, RdmaCounters.Counter.LINKS_BROKEN) > 0);
        assertTrue(count(0, RdmaCounters.Counter.ONE_SIDED) > count);
    }

    @Test
    void anAtomicOperationWhoseAnswerIsLostFailsTheChannelAndIsNotRepeated() throws IOException {
        open(2);
        Channel ab = connect(0, 1);
        TestNode a = nodes.get(0);
        TestNode b = nodes.get(1);
        fabric.setFault((qp, opcode, bytes) -> opcode == IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD
                ? WireFault.Verdict.LOSE_ANSWER : WireFault.Verdict.DELIVER);
        assertEquals(Channel.ACCEPTED, ab.tryFetchAdd(a.region, 0, b.region.remote(), 0, 1, 1));
        until(() -> a.failures.containsKey(1) && b.failures.containsKey(0));
        assertEquals(ChannelFailure.Cause.PEER_LOST, a.failures.get(1).cause());
        assertTrue(a.failures.get(1).description().contains("atomic operations were under way"),
                a.failures.get(1).description());
        assertEquals(1, b.memory.get(ValueLayout.JAVA_LONG, 0));
        assertEquals(List.of(), a.done);
    }

    @Test
    void memoryThatIsNoLongerRegisteredFailsAOneSidedOperationAndIsNamed() throws IOException {
        open(2);
        Channel ab = connect(0, 1);
        TestNode a = nodes.get(0);
        RemoteRegion remote = nodes.get(1).region.remote();
        nodes.get(1).region.close();
        assertEquals(Channel.ACCEPTED, ab.tryRead(a.region, 0, 1000, remote, 0, 1));
        until(() -> a.failures.containsKey(1));
        assertEquals(ChannelFailure.Cause.BAD_FRAME, a.failures.get(1).cause());
        assertTrue(a.failures.get(1).description().contains("status 10"), a.failures.get(1).description());
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
    void aDeviceThatIsTakenAwayFailsAllChannelsOfItsNode() throws IOException {
        open(3);
        connect(0, 1);
        connect(0, 2);
        SoftwareProvider.shared().announceRemoval();
        until(() -> nodes.get(0).failures.size() == 2);
        for (ChannelFailure failure : nodes.get(0).failures.values()) {
            assertEquals(ChannelFailure.Cause.PEER_LOST, failure.cause());
            assertTrue(failure.description().contains("device was removed"), failure.description());
        }
        nodes.get(0).endpoint.connect(1, nodes.get(1).endpoint.address());
        until(() -> nodes.get(0).closed.size() == 3);
        assertTrue(nodes.get(0).failures.get(1).description().contains("device was removed"));
    }

    @Test
    void noMoreQueuePairsThanAllowedAreActive() throws IOException {
        int count = 6;
        open(count, "isthmus.rdma.active", "2");
        List<Channel> channels = new ArrayList<>();
        for (int peer = 1; peer < count; peer++) {
            channels.add(connect(0, peer));
        }
        RdmaEndpoint hub = endpoint(0);
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

    /** A queue pair that sleeps comes back for a one-sided operation, and none is given up under an atomic one. */
    @Test
    void oneSidedOperationsWorkWithFewerActiveQueuePairsThanPeers() throws IOException {
        int count = 5;
        open(count, "isthmus.rdma.active", "2");
        for (int peer = 1; peer < count; peer++) {
            connect(0, peer);
        }
        TestNode hub = nodes.get(0);
        until(() -> endpoint(0).queuePairs() <= 2);
        List<RemoteRegion> regions = new ArrayList<>();
        nodes.forEach(node -> regions.add(node == hub ? null : node.region.remote()));
        int rounds = 20;
        for (int round = 0; round < rounds; round++) {
            for (int peer = 1; peer < count; peer++) {
                Channel channel = hub.connected.get(peer);
                RemoteRegion region = regions.get(peer);
                int before = hub.done.size();
                until(() -> channel.tryFetchAdd(hub.region, 0, region, 64, 1, 1) == Channel.ACCEPTED);
                until(() -> channel.tryWrite(hub.region, 0, 8, region, 128, 2) == Channel.ACCEPTED);
                until(() -> hub.done.size() == before + 2);
                assertEquals(round, hub.memory.get(ValueLayout.JAVA_LONG, 0));
                assertEquals(round, nodes.get(peer).memory.get(ValueLayout.JAVA_LONG, 128));
            }
        }
        assertEquals(Map.of(), hub.failures);
    }
}
