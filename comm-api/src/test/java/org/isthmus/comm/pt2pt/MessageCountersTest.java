package org.isthmus.comm.pt2pt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.isthmus.comm.NodeJob;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.pt2pt.PointToPoint.Mode;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.status.JobStatus;
import org.isthmus.node.status.LinkCounter;
import org.isthmus.node.status.LinkStatus;
import org.isthmus.node.status.NodeStatus;
import org.isthmus.node.status.Protocol;
import org.isthmus.node.status.RankCounter;
import org.isthmus.node.status.RankCounters;
import org.isthmus.node.status.StatusReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What known messages count as, on both sides. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessageCountersTest {
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);
    private static final TypeMap LONG = TypeMap.of(Primitive.LONG);
    private static final int TAG = 7;

    /** The protocols that were used: messages and bytes. */
    private static Map<Protocol, List<Long>> messages(RankCounters counters, boolean sent) {
        RankCounter[] all = RankCounter.values();
        Map<Protocol, List<Long>> used = new TreeMap<>();
        for (Protocol protocol : Protocol.values()) {
            RankCounter counter = sent ? protocol.sent() : protocol.received();
            if (counters.get(counter) != 0) {
                used.put(protocol, List.of(counters.get(counter), counters.get(all[counter.ordinal() + 1])));
            }
        }
        return used;
    }

    private static void assertBoth(Protocol protocol, int messages, int bytes, Object data, Mode mode)
            throws Exception {
        new NodeJob(NodeJob.ENDPOINT, NodeJob.PROTOCOLS).run(2, r -> {
            for (int i = 0; i < messages; i++) {
                if (r.rank() == 0) {
                    r.pointToPoint().send(r.world(), mode, data, 0, bytes, BYTE, 1, TAG);
                } else {
                    r.pointToPoint().recv(r.world(), new byte[bytes], 0, bytes, BYTE, 0, TAG, null);
                }
            }
            RankCounters counters = r.endpoint().counters();
            Map<Protocol, List<Long>> expected = Map.of(protocol, List.of((long) messages, (long) messages * bytes));
            assertEquals(expected, messages(counters, r.rank() == 0));
            assertEquals(Map.of(), messages(counters, r.rank() != 0));
        });
    }

    @Test
    void inlineMessages() throws Exception {
        assertBoth(Protocol.INLINE, 1000, 8, new byte[8], Mode.STANDARD);
        assertBoth(Protocol.INLINE, 3, 0, new byte[0], Mode.STANDARD);
    }

    @Test
    void eagerMessagesOfOneAndOfSeveralBlocks() throws Exception {
        assertBoth(Protocol.EAGER, 5, 2000, new byte[2000], Mode.STANDARD);
        assertBoth(Protocol.EAGER, 7, 60_000, new byte[60_000], Mode.STANDARD);
    }

    @Test
    void messagesThatTheReceiverAsksFor() throws Exception {
        assertBoth(Protocol.RENDEZVOUS, 4, 300_000, new byte[300_000], Mode.STANDARD);
        assertBoth(Protocol.RENDEZVOUS, 2, 0, new byte[0], Mode.SYNCHRONOUS);
    }

    /** Without native access the receiver has to ask: then both say so. */
    @Test
    void messagesOutOfTheSendersMemoryCountTheSameOnBothSides() throws Exception {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment data = arena.allocate(200_000);
            Map<Protocol, List<Long>> sent = new TreeMap<>();
            Map<Protocol, List<Long>> received = new TreeMap<>();
            new NodeJob(NodeJob.ENDPOINT, NodeJob.PROTOCOLS).run(2, r -> {
                if (r.rank() == 0) {
                    r.pointToPoint().send(r.world(), Mode.STANDARD, data, 0, 200_000, BYTE, 1, TAG);
                    sent.putAll(messages(r.endpoint().counters(), true));
                } else {
                    MemorySegment room = arena.allocate(200_000);
                    r.pointToPoint().recv(r.world(), room, 0, 200_000, BYTE, 0, TAG, null);
                    received.putAll(messages(r.endpoint().counters(), false));
                }
            });
            assertEquals(sent, received);
            boolean nativeAccess = MessageCountersTest.class.getModule().isNativeAccessEnabled();
            assertEquals(Map.of(nativeAccess ? Protocol.SINGLE_COPY : Protocol.RENDEZVOUS, List.of(1L, 200_000L)),
                    sent);
        }
    }

    @Test
    void messagesOutOfBuffersOfTheSegment() throws Exception {
        new NodeJob(NodeJob.ENDPOINT, NodeJob.PROTOCOLS).run(2, r -> {
            if (r.rank() == 0) {
                long at = r.endpoint().segment().pool().allocateExtent(100_000);
                r.pointToPoint().send(r.world(), Mode.STANDARD, r.endpoint().memory(), at, 100_000, BYTE, 1, TAG);
            } else {
                r.pointToPoint().recv(r.world(), new byte[100_000], 0, 100_000, BYTE, 0, TAG, null);
            }
            assertEquals(Map.of(Protocol.SHARED, List.of(1L, 100_000L)),
                    messages(r.endpoint().counters(), r.rank() == 0));
        });
    }

    @Test
    void messagesOfARankToItself() throws Exception {
        new NodeJob(NodeJob.ENDPOINT, NodeJob.PROTOCOLS).run(1, r -> {
            TransferRequest first = r.pointToPoint().irecv(r.world(), new byte[10], 0, 10, BYTE, 0, TAG);
            r.pointToPoint().send(r.world(), Mode.STANDARD, new byte[9], 0, 9, BYTE, 0, TAG);
            r.progress().await((Transfer) first);
            r.pointToPoint().send(r.world(), Mode.STANDARD, new byte[8], 0, 8, BYTE, 0, TAG);
            r.pointToPoint().recv(r.world(), new byte[10], 0, 10, BYTE, 0, TAG, null);
            TransferRequest synchronous = r.pointToPoint()
                    .isend(r.world(), Mode.SYNCHRONOUS, new byte[7], 0, 7, BYTE, 0, TAG);
            r.pointToPoint().recv(r.world(), new byte[10], 0, 10, BYTE, 0, TAG, null);
            r.progress().await((Transfer) synchronous);
            RankCounters counters = r.endpoint().counters();
            assertEquals(Map.of(Protocol.SELF, List.of(3L, 24L)), messages(counters, true));
            assertEquals(Map.of(Protocol.SELF, List.of(3L, 24L)), messages(counters, false));
            assertEquals(2, counters.get(RankCounter.UNEXPECTED));
        });
    }

    @Test
    void messagesThatComeBeforeTheirReceive() throws Exception {
        new NodeJob(NodeJob.ENDPOINT, NodeJob.PROTOCOLS).run(2, r -> {
            if (r.rank() == 0) {
                for (int bytes : new int[] {8, 3000, 8}) {
                    r.pointToPoint().send(r.world(), Mode.STANDARD, new byte[bytes], 0, bytes, BYTE, 1, TAG);
                }
                r.pointToPoint().send(r.world(), Mode.STANDARD, new byte[1], 0, 1, BYTE, 1, TAG + 1);
            } else {
                r.pointToPoint().recv(r.world(), new byte[1], 0, 1, BYTE, 0, TAG + 1, null);
                assertEquals(3, r.endpoint().counters().get(RankCounter.UNEXPECTED));
                assertEquals(Map.of(Protocol.INLINE, List.of(1L, 1L)), messages(r.endpoint().counters(), false));
                for (int i = 0; i < 3; i++) {
                    r.pointToPoint().recv(r.world(), new byte[3000], 0, 3000, BYTE, 0, TAG, null);
                }
                assertEquals(Map.of(Protocol.INLINE, List.of(3L, 17L), Protocol.EAGER, List.of(1L, 3000L)),
                        messages(r.endpoint().counters(), false));
            }
        });
    }

    /** A receiver that does not look: each reason stops the sender once, however often it tries. */
    @Test
    void stopsOfASenderByReason() throws Exception {
        PointToPointOptions narrow = new PointToPointOptions(1024, 64 << 10, 4096, 16 << 10, 4096);
        assertEquals(List.of(1L, 0L), stops(narrow, 8, 3000));
        PointToPointOptions wide = new PointToPointOptions(1024, 64 << 10, 4096, 16 << 10, 1 << 30);
        assertEquals(List.of(0L, 1L), stops(wide, 8, 3000));
    }

    private static List<Long> stops(PointToPointOptions options, int bytes, int messages) throws Exception {
        long[] found = new long[2];
        Object sent = new Object();
        boolean[] done = new boolean[1];
        new NodeJob(NodeJob.ENDPOINT, options).run(2, r -> {
            if (r.rank() == 0) {
                TransferRequest[] requests = new TransferRequest[messages];
                for (int i = 0; i < messages; i++) {
                    requests[i] = r.pointToPoint()
                            .isend(r.world(), Mode.STANDARD, new byte[bytes], 0, bytes, BYTE, 1, TAG);
                }
                for (int i = 0; i < 100; i++) {
                    r.progress().poll();
                }
                RankCounters counters = r.endpoint().counters();
                found[0] = counters.get(RankCounter.WINDOW_FULL);
                found[1] = counters.get(RankCounter.RING_FULL);
                synchronized (sent) {
                    done[0] = true;
                    sent.notifyAll();
                }
                for (TransferRequest request : requests) {
                    r.progress().await((Transfer) request);
                }
            } else {
                synchronized (sent) {
                    while (!done[0]) {
                        sent.wait();
                    }
                }
                for (int i = 0; i < messages; i++) {
                    r.pointToPoint().recv(r.world(), new byte[bytes], 0, bytes, BYTE, 0, TAG, null);
                }
            }
        });
        return List.of(found[0], found[1]);
    }

    @Test
    void collectivesThroughTheSegment() throws Exception {
        new NodeJob(NodeJob.ENDPOINT, NodeJob.PROTOCOLS).run(3, r -> {
            for (int i = 0; i < 20; i++) {
                r.collectives().of(r.world()).barrier();
                r.collectives().of(r.world()).bcast(new long[1], 0, 1, LONG, 0);
            }
            assertEquals(40, r.endpoint().counters().get(RankCounter.COLLECTIVES));
        });
    }

    @Test
    void firstContactsAndRecordsBeyondTheRings() throws Exception {
        EndpointOptions noRings = new EndpointOptions(8192, 0, 1 << 20, 10, 10);
        new NodeJob(noRings, NodeJob.PROTOCOLS).run(2, r -> {
            for (int i = 0; i < 10; i++) {
                if (r.rank() == 0) {
                    r.pointToPoint().send(r.world(), Mode.STANDARD, new byte[8], 0, 8, BYTE, 1, TAG);
                } else {
                    r.pointToPoint().recv(r.world(), new byte[8], 0, 8, BYTE, 0, TAG, null);
                }
            }
            RankCounters counters = r.endpoint().counters();
            assertEquals(r.rank() == 0 ? 11 : 0, counters.get(RankCounter.MAILBOX_RECORDS));
            assertEquals(0, counters.get(RankCounter.RINGS));
        });
    }

    @Test
    void messagesBetweenNodesAndTheLinksThatCarryThem() throws Exception {
        int messages = 50;
        RankEndpoint[] ends = new RankEndpoint[2];
        new NodeJob(NodeJob.ENDPOINT, NodeJob.PROTOCOLS, 2, NodeJob.Mapping.DEALT).run(2, r -> {
            ends[r.rank()] = r.endpoint();
            NodeStatus status = new NodeStatus(r.endpoint().segment());
            status.joinAsRank(0, r.rank());
            status.describe("job", "test", "program", 2, r.rank(), 2);
            for (int bytes : new int[] {8, 5000, 200_000}) {
                for (int i = 0; i < messages; i++) {
                    if (r.rank() == 0) {
                        r.pointToPoint().send(r.world(), Mode.STANDARD, new byte[bytes], 0, bytes, BYTE, 1, TAG);
                    } else {
                        r.pointToPoint().recv(r.world(), new byte[bytes], 0, bytes, BYTE, 0, TAG, null);
                    }
                }
            }
            assertEquals(Map.of(Protocol.REMOTE, List.of(3L * messages, messages * 205_008L)),
                    messages(r.endpoint().counters(), r.rank() == 0));
        });
        LinkStatus[] links = new LinkStatus[2];
        for (int node = 0; node < 2; node++) {
            JobStatus job = StatusReader.of(ends[node].segment()).read().orElseThrow();
            assertEquals(1, job.links().size());
            links[node] = job.links().getFirst();
            assertEquals(1 - node, links[node].peer());
        }
        assertTrue(links[0].value(LinkCounter.BYTES_SENT) > messages * 5_008L, links[0].toString());
        assertEquals(messages * 200_000L, links[0].value(LinkCounter.PIECE_BYTES_SENT), links[0].toString());
        assertTrue(links[0].value(LinkCounter.RECORDS_SENT) >= 3 * messages, links[0].toString());
        assertTrue(links[0].batch() >= 1, links[0].toString());
        assertTrue(links[1].value(LinkCounter.RECORDS_RECEIVED) >= 3 * messages, links[1].toString());
        assertTrue(links[1].value(LinkCounter.BYTES_RECEIVED) > messages * 5_008L, links[1].toString());
        assertEquals(messages * 200_000L, links[1].value(LinkCounter.PIECE_BYTES_RECEIVED), links[1].toString());
        assertEquals(links[0].value(LinkCounter.PIECES_SENT), links[1].value(LinkCounter.PIECES_RECEIVED));
        LinkCounter[][] pairs = {{LinkCounter.FRAMES_SENT, LinkCounter.FRAMES_RECEIVED},
            {LinkCounter.RECORDS_SENT, LinkCounter.RECORDS_RECEIVED},
            {LinkCounter.BYTES_SENT, LinkCounter.BYTES_RECEIVED}};
        for (LinkCounter[] pair : pairs) { // the last credit may still be under way
            assertTrue(links[0].value(pair[0]) >= links[1].value(pair[1])
                    && links[1].value(pair[0]) >= links[0].value(pair[1]),
                    pair[0] + " of " + links[0] + " and " + links[1]);
        }
    }
}
