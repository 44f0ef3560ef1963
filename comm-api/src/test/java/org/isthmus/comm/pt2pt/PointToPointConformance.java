package org.isthmus.comm.pt2pt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.isthmus.comm.NodeJob;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.pt2pt.PointToPoint.Mode;
import org.isthmus.node.endpoint.EndpointOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Point-to-point messages, whatever lies between the ranks. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class PointToPointConformance {
    /** A job over the given options. */
    abstract NodeJob job(EndpointOptions endpoint, PointToPointOptions protocols);

    private NodeJob job() {
        return job(NodeJob.ENDPOINT, NodeJob.PROTOCOLS);
    }

    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);
    private static final TypeMap INT = TypeMap.of(Primitive.INT);
    private static final int TAG = 7;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 1023, 1024, 1025, 4096, 16384, 16385, 65536, 65537, 300_001, 5_000_000})
    void carriesEverySizeFromArraysInEveryMode(int bytes) throws Exception {
        job().run(2, r -> {
            for (Mode mode : Mode.values()) {
                byte[] data = new byte[bytes + 2];
                if (r.rank() == 0) {
                    fill(data, bytes);
                    r.pointToPoint().send(r.world(), mode, data, 1, bytes, BYTE, 1, TAG);
                } else {
                    Envelope result = new Envelope();
                    r.pointToPoint().recv(r.world(), data, 1, bytes, BYTE, 0, TAG, result);
                    byte[] expected = new byte[bytes + 2];
                    fill(expected, bytes);
                    assertArrayEquals(expected, data);
                    assertEquals(bytes, result.bytes);
                    assertEquals(0, result.source);
                    assertEquals(TAG, result.tag);
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {5000, 100_000, 3_000_000})
    void carriesMessagesOfSegmentAndNativeMemory(int bytes) throws Exception {
        job().run(2, r -> {
            long shared = r.endpoint().segment().pool().allocateExtent(bytes);
            MemorySegment natively = Arena.global().allocate(bytes, 8);
            for (MemorySegment base : List.of(r.endpoint().memory(), natively)) {
                long offset = base == natively ? 0 : shared;
                MemorySegment view = base.asSlice(offset, bytes);
                if (r.rank() == 0) {
                    view.fill((byte) 42);
                    r.pointToPoint().send(r.world(), Mode.STANDARD, base, offset, bytes, BYTE, 1, TAG);
                    view.fill((byte) 1);
                } else {
                    r.pointToPoint().recv(r.world(), base, offset, bytes, BYTE, 0, TAG, null);
                    for (long i = 0; i < bytes; i++) {
                        assertEquals(42, view.get(ValueLayout.JAVA_BYTE, i));
                    }
                }
            }
        });
    }

    @Test
    void matchesInOrderWithWildcardsAndExactReceives() throws Exception {
        job().run(3, r -> {
            PointToPoint p = r.pointToPoint();
            if (r.rank() > 0) {
                for (int i = 0; i < 1000; i++) {
                    p.send(r.world(), Mode.STANDARD, new int[] {i}, 0, 1, INT, 0, i % 3);
                }
                return;
            }
            int[][] next = new int[3][3];
            int[] value = new int[1];
            Envelope from = new Envelope();
            Random random = new Random(5);
            for (int i = 0; i < 2000; i++) {
                p.probe(r.world(), PointToPoint.ANY_SOURCE, PointToPoint.ANY_TAG, from);
                int source = random.nextBoolean() ? from.source : PointToPoint.ANY_SOURCE;
                int tag = random.nextBoolean() ? from.tag : PointToPoint.ANY_TAG;
                p.recv(r.world(), value, 0, 1, INT, source, tag, from);
                int expected = next[from.source][from.tag] * 3 + from.tag;
                assertEquals(expected, value[0]);
                next[from.source][from.tag]++;
            }
        });
    }

    @Test
    void keepsTheRestOfTheBufferWhenTheMessageIsShort() throws Exception {
        job().run(2, r -> {
            int[] data = {1, 1, 1, 1};
            if (r.rank() == 0) {
                r.pointToPoint().send(r.world(), Mode.STANDARD, new int[] {5, 6}, 0, 2, INT, 1, TAG);
            } else {
                Envelope result = new Envelope();
                r.pointToPoint().recv(r.world(), data, 0, 4, INT, 0, TAG, result);
                assertArrayEquals(new int[] {5, 6, 1, 1}, data);
                assertEquals(8, result.bytes);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 1000, 20_000, 500_000})
    void reportsTruncationAndGoesOn(int count) throws Exception {
        job().run(2, r -> {
            if (r.rank() == 0) {
                for (int i = 0; i < 2; i++) {
                    r.pointToPoint().send(r.world(), Mode.STANDARD, new int[count], 0, count, INT, 1, TAG);
                }
                r.pointToPoint().send(r.world(), Mode.STANDARD, new int[] {9}, 0, 1, INT, 1, TAG);
                return;
            }
            int[] data = new int[count];
            java.util.Arrays.fill(data, 3);
            CommException posted = assertThrows(CommException.class,
                    () -> r.pointToPoint().recv(r.world(), data, 0, count - 1, INT, 0, TAG, null));
            assertEquals(ErrorClass.TRUNCATE, posted.errorClass());
            assertEquals(0, data[0]);
            assertEquals(3, data[count - 1]);
            TransferRequest request = r.pointToPoint().irecv(r.world(), data, 0, 1, INT, 0, TAG);
            r.progress().await(request);
            assertEquals(ErrorClass.TRUNCATE, request.errorClass);
            r.pointToPoint().recv(r.world(), data, 0, 1, INT, 0, TAG, null);
            assertEquals(9, data[0]);
        });
    }

    @Test
    void isendsOfAllProtocolsToSlowReceiverArriveInOrder() throws Exception {
        int[] sizes = {8, 2000, 70_000, 1, 30_000, 500_000, 100};
        job().run(2, r -> {
            List<TransferRequest> requests = new ArrayList<>();
            List<byte[]> buffers = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                byte[] data = new byte[sizes[i % sizes.length]];
                buffers.add(data);
                if (r.rank() == 0) {
                    fill(data, data.length);
                    data[0] = (byte) i;
                    requests.add(r.pointToPoint().isend(r.world(), Mode.STANDARD, data, 0, data.length, BYTE, 1, TAG));
                }
            }
            if (r.rank() == 1) {
                Thread.sleep(200);
                for (byte[] data : buffers) {
                    requests.add(r.pointToPoint().irecv(r.world(), data, 0, data.length, BYTE, 0, TAG));
                }
            }
            requests.forEach(r.progress()::await);
            for (int i = 0; i < 300; i++) {
                byte[] expected = new byte[sizes[i % sizes.length]];
                fill(expected, expected.length);
                expected[0] = (byte) i;
                assertArrayEquals(expected, buffers.get(i));
            }
        });
    }

    @Test
    void blockedSenderLeavesItsOtherReceiversServed() throws Exception {
        job().run(3, r -> {
            PointToPoint p = r.pointToPoint();
            int messages = 40_000;
            if (r.rank() == 0) {
                List<TransferRequest> requests = new ArrayList<>();
                for (int i = 0; i < messages; i++) {
                    requests.add(p.isend(r.world(), Mode.STANDARD, new int[] {i}, 0, 1, INT, 1, TAG));
                }
                p.send(r.world(), Mode.STANDARD, new int[20_000], 0, 20_000, INT, 2, TAG);
                requests.forEach(r.progress()::await);
            } else if (r.rank() == 2) {
                p.recv(r.world(), new int[20_000], 0, 20_000, INT, 0, TAG, null);
                p.send(r.world(), Mode.STANDARD, new int[1], 0, 1, INT, 1, TAG + 1);
            } else {
                p.recv(r.world(), new int[1], 0, 1, INT, 2, TAG + 1, null);
                int[] value = new int[1];
                for (int i = 0; i < messages; i++) {
                    p.recv(r.world(), value, 0, 1, INT, 0, TAG, null);
                    assertEquals(i, value[0]);
                }
            }
        });
    }

    @Test
    void sendsToItself() throws Exception {
        job().run(1, r -> {
            PointToPoint p = r.pointToPoint();
            for (int count : new int[] {0, 1, 100, 100_000}) {
                int[] out = new int[count];
                java.util.Arrays.setAll(out, i -> i * 3);
                int[] in = new int[count];
                TransferRequest send = p.isend(r.world(), Mode.SYNCHRONOUS, out, 0, count, INT, 0, TAG);
                assertFalse(send.isDone());
                p.recv(r.world(), in, 0, count, INT, 0, TAG, null);
                assertTrue(send.isDone());
                assertArrayEquals(out, in);
                TransferRequest receive = p.irecv(r.world(), in, 0, count, INT, PointToPoint.ANY_SOURCE, TAG);
                p.send(r.world(), Mode.STANDARD, out, 0, count, INT, 0, TAG);
                assertTrue(receive.isDone());
            }
        });
    }

    @Test
    void cancelsWhatHasNotMatched() throws Exception {
        job().run(2, r -> {
            PointToPoint p = r.pointToPoint();
            TransferRequest receive = p.irecv(r.world(), new int[1], 0, 1, INT, 1 - r.rank(), TAG);
            p.cancel(receive);
            assertTrue(receive.isDone());
            assertTrue(receive.cancelled);
            TransferRequest toMyself = p.isend(r.world(), Mode.SYNCHRONOUS, new int[1], 0, 1, INT, r.rank(), TAG);
            p.cancel(toMyself);
            assertTrue(toMyself.cancelled);
            assertFalse(p.iprobe(r.world(), PointToPoint.ANY_SOURCE, PointToPoint.ANY_TAG, new Envelope()));
        });
    }

    @Test
    void takesBackWhatItHasAnnounced() throws Exception {
        job().run(2, r -> {
            PointToPoint p = r.pointToPoint();
            if (r.rank() == 1) {
                p.recv(r.world(), new byte[1], 0, 1, BYTE, 0, TAG + 1, null);
                assertFalse(p.iprobe(r.world(), PointToPoint.ANY_SOURCE, PointToPoint.ANY_TAG, new Envelope()));
                return;
            }
            for (int bytes : new int[] {0, 8, 70_000, 300_000, 5_000_000}) {
                Mode mode = bytes > 65536 ? Mode.STANDARD : Mode.SYNCHRONOUS;
                TransferRequest send = p.isend(r.world(), mode, new byte[bytes], 0, bytes, BYTE, 1, TAG);
                p.cancel(send);
                p.cancel(send);
                r.progress().await(send);
                assertTrue(send.cancelled, bytes + " bytes");
                p.release(send);
            }
            p.send(r.world(), Mode.STANDARD, new byte[1], 0, 1, BYTE, 1, TAG + 1);
        });
    }

    /** Each send is cancelled or received, not both, while ids are used again and receives race with cancellation. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void cancelledOrReceived(long seed) throws Exception {
        int rounds = 300;
        int most = 300_000;
        job().run(2, r -> {
            PointToPoint p = r.pointToPoint();
            Random random = new Random(seed + r.rank());
            int passed = 0;
            if (r.rank() == 0) {
                for (int round = 0; round < rounds; round++) {
                    List<TransferRequest> sends = new ArrayList<>();
                    for (int i = random.nextInt(5); i >= 0; i--) {
                        int bytes = random.nextBoolean() ? random.nextInt(100) : random.nextInt(most);
                        sends.add(p.isend(r.world(), Mode.SYNCHRONOUS, new byte[bytes], 0, bytes, BYTE, 1, TAG));
                    }
                    for (int i = random.nextInt(3); i > 0; i--) {
                        r.progress().poll();
                    }
                    for (TransferRequest send : sends) {
                        p.cancel(send);
                        r.progress().await(send);
                        passed += send.cancelled ? 0 : 1;
                        p.release(send);
                    }
                }
                p.send(r.world(), Mode.STANDARD, new int[] {passed}, 0, 1, INT, 1, TAG + 1);
                return;
            }
            int[] theirs = {-1};
            TransferRequest end = p.irecv(r.world(), theirs, 0, 1, INT, 0, TAG + 1);
            byte[] room = new byte[most];
            while (!end.isDone()) {
                MatchedMessage message = random.nextInt(8) > 0 ? null : p.improbe(r.world(), 0, TAG);
                if (message != null) {
                    TransferRequest receive = p.imrecv(message, room, 0, most, BYTE);
                    r.progress().await(receive);
                    p.release(receive);
                    passed++;
                } else {
                    r.progress().poll();
                }
            }
            assertFalse(p.iprobe(r.world(), PointToPoint.ANY_SOURCE, PointToPoint.ANY_TAG, new Envelope()));
            assertEquals(theirs[0], passed);
        });
    }

    @Test
    void matchedProbeTakesTheMessageAway() throws Exception {
        job().run(2, r -> {
            PointToPoint p = r.pointToPoint();
            if (r.rank() == 0) {
                for (int count : new int[] {1, 5000, 200_000}) {
                    p.send(r.world(), Mode.STANDARD, new int[count], 0, count, INT, 1, TAG);
                }
                return;
            }
            for (int count : new int[] {1, 5000, 200_000}) {
                MatchedMessage message = null;
                while (message == null) {
                    message = p.improbe(r.world(), PointToPoint.ANY_SOURCE, TAG);
                }
                assertEquals(4L * count, message.bytes);
                assertNull(count == 200_000 ? p.improbe(r.world(), 0, TAG) : null);
                TransferRequest request = p.imrecv(message, new int[count], 0, count, INT);
                assertNotNull(request);
                r.progress().await(request);
                assertEquals(4L * count, request.bytes);
            }
        });
    }

    @Test
    void manyPairsBeyondTheRingBudgetExchangeMixedSizes() throws Exception {
        EndpointOptions fewRings = new EndpointOptions(8192, 2, 8 << 20, 10, 10);
        job(fewRings, NodeJob.PROTOCOLS).run(7, r -> {
            PointToPoint p = r.pointToPoint();
            for (int round = 0; round < 30; round++) {
                List<TransferRequest> requests = new ArrayList<>();
                List<int[]> received = new ArrayList<>();
                int count = new int[] {1, 50, 100, 3000, 30_000}[round % 5];
                for (int peer = 0; peer < 7; peer++) {
                    int[] in = new int[count];
                    received.add(in);
                    requests.add(p.irecv(r.world(), in, 0, count, INT, peer, round));
                    int[] out = new int[count];
                    java.util.Arrays.fill(out, r.rank() * 100 + peer);
                    requests.add(p.isend(r.world(), Mode.STANDARD, out, 0, count, INT, peer, round));
                }
                requests.forEach(r.progress()::await);
                for (int peer = 0; peer < 7; peer++) {
                    assertEquals(peer * 100 + r.rank(), received.get(peer)[count - 1]);
                }
            }
        });
    }

    private static void fill(byte[] data, int bytes) {
        for (int i = 0; i < bytes; i++) {
            data[(i + 1) % data.length] = (byte) (i * 31 + 7);
        }
    }
}
