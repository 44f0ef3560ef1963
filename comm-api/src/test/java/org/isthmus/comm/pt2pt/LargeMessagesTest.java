package org.isthmus.comm.pt2pt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.isthmus.comm.NodeJob;
import org.isthmus.comm.datatype.DerivedTypes;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.pt2pt.PointToPoint.Mode;
import org.isthmus.node.endpoint.EndpointOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages between two nodes that go from segment to segment. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeMessagesTest {
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);
    private static final int TAG = 3;
    private static final int EAGER = 8192;
    private static final int PIECE = 16384;
    private static final PointToPointOptions PROTOCOLS =
            new PointToPointOptions(1024, 65536, 4096, 16384, 1 << 20, EAGER, PIECE);

    /** Where a message lies. */
    private enum Where {
        ARRAY,
        SEGMENT;

        Place room(NodeJob.Rank rank, int bytes) {
            return this == ARRAY ? new Place(new byte[bytes], 0, bytes)
                    : new Place(rank.endpoint().memory(), rank.endpoint().segment().pool().allocateExtent(bytes),
                    bytes);
        }
    }

    private record Place(Object base, long offset, int bytes) {
        private MemorySegment view() {
            return (base instanceof byte[] array ? MemorySegment.ofArray(array) : (MemorySegment) base)
                    .asSlice(offset, bytes);
        }

        void fill(int seed) {
            MemorySegment view = view();
            for (int i = 0; i < bytes; i++) {
                view.set(ValueLayout.JAVA_BYTE, i, pattern(seed, i));
            }
        }

        void clear() {
            view().fill((byte) -1);
        }

        void check(int seed, int stored) {
            MemorySegment view = view();
            for (int i = 0; i < bytes; i++) {
                byte expected = i < stored ? pattern(seed, i) : -1;
                if (view.get(ValueLayout.JAVA_BYTE, i) != expected) {
                    assertEquals(expected, view.get(ValueLayout.JAVA_BYTE, i), "byte " + i + " of message " + seed);
                }
            }
        }

        private static byte pattern(int seed, int i) {
            return (byte) (i * 31 + i / 251 + seed);
        }
    }

    private static NodeJob twoNodes() {
        return new NodeJob(NodeJob.ENDPOINT, PROTOCOLS, 2, NodeJob.Mapping.FILLED);
    }

    @ParameterizedTest
    @CsvSource({"ARRAY, ARRAY", "ARRAY, SEGMENT", "SEGMENT, ARRAY", "SEGMENT, SEGMENT"})
    void carriesSizesAroundAllLimits(Where from, Where to) throws Exception {
        int window = 8 * PIECE;
        int[] sizes = {EAGER, EAGER + 1, PIECE - 1, PIECE, PIECE + 1, window - 1, window, window + 1, 5 * window + 7};
        twoNodes().run(2, r -> {
            for (int size : sizes) {
                for (Mode mode : Mode.values()) {
                    Place place = (r.rank() == 0 ? from : to).room(r, size + 5);
                    if (r.rank() == 0) {
                        place.fill(size);
                        r.pointToPoint().send(r.world(), mode, place.base(), place.offset(), size, BYTE, 1, TAG);
                        place.clear();
                    } else {
                        place.clear();
                        Envelope result = new Envelope();
                        r.pointToPoint().recv(r.world(), place.base(), place.offset(), size + 5, BYTE, 0, TAG, result);
                        place.check(size, size);
                        assertEquals(size, result.bytes);
                    }
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void storesWhatHasRoomOfALongerMessage(Where to) throws Exception {
        twoNodes().run(2, r -> {
            int size = 300_000;
            int room = 200_001;
            Place place = r.rank() == 0 ? Where.SEGMENT.room(r, size) : to.room(r, size);
            if (r.rank() == 0) {
                place.fill(1);
                r.pointToPoint().send(r.world(), Mode.STANDARD, place.base(), place.offset(), size, BYTE, 1, TAG);
                return;
            }
            place.clear();
            CommException e = assertThrows(CommException.class, () -> r.pointToPoint().recv(r.world(), place.base(),
                    place.offset(), room, BYTE, 0, TAG, null));
            assertEquals(ErrorClass.TRUNCATE, e.errorClass());
            place.check(1, room);
        });
    }

    @ParameterizedTest
    @CsvSource({"ARRAY, ARRAY", "SEGMENT, SEGMENT"})
    void packsDerivedTypes(Where from, Where to) throws Exception {
        TypeMap everyOther = DerivedTypes.vector(1000, 4, 8, BYTE);
        int count = 50;
        twoNodes().run(2, r -> {
            int bytes = Math.toIntExact(everyOther.extent() * count + 16);
            Place place = (r.rank() == 0 ? from : to).room(r, bytes);
            if (r.rank() == 0) {
                place.fill(9);
                r.pointToPoint()
                        .send(r.world(), Mode.STANDARD, place.base(), place.offset(), count, everyOther, 1, TAG);
                return;
            }
            place.clear();
            r.pointToPoint().recv(r.world(), place.base(), place.offset(), count, everyOther, 0, TAG, null);
            MemorySegment view = place.view();
            for (int block = 0; block < count; block++) {
                for (int i = 0; i < 1999; i++) {
                    long at = block * everyOther.extent() + 4L * i;
                    for (int b = 0; b < 4; b++) {
                        byte expected = i % 2 == 0 ? Place.pattern(9, (int) at + b) : -1;
                        assertEquals(expected, view.get(ValueLayout.JAVA_BYTE, at + b));
                    }
                }
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"ARRAY, ARRAY", "ARRAY, SEGMENT", "SEGMENT, ARRAY", "SEGMENT, SEGMENT"})
    void carriesManyAtOnceInBothDirectionsInOrder(Where from, Where to) throws Exception {
        manyAtOnce(NodeJob.ENDPOINT, from, to);
    }

    @Test
    void waitsForRoomWhereTheHeapIsSmall() throws Exception {
        EndpointOptions small = new EndpointOptions(8192, 64,
                NodeJob.ENDPOINT.heap().withMostBytes(256 << 10), 100, 100);
        manyAtOnce(small, Where.ARRAY, Where.ARRAY);
    }

    private static void manyAtOnce(EndpointOptions endpoint, Where from, Where to) throws Exception {
        int count = 40;
        new NodeJob(endpoint, PROTOCOLS, 2, NodeJob.Mapping.FILLED).run(4, r -> {
            int peer = (r.rank() + 2) % 4;
            TransferRequest[] requests = new TransferRequest[2 * count];
            Place[] in = new Place[count];
            for (int i = 0; i < count; i++) {
                in[i] = to.room(r, 10_000 + 7_001 * i);
                in[i].clear();
                Place out = from.room(r, 10_000 + 7_001 * i);
                out.fill(i + r.rank());
                requests[2 * i] = r.pointToPoint()
                        .irecv(r.world(), in[i].base(), in[i].offset(), in[i].bytes(), BYTE, peer, TAG);
                requests[2 * i + 1] = r.pointToPoint().isend(r.world(), Mode.STANDARD, out.base(), out.offset(),
                        out.bytes(), BYTE, peer, TAG);
            }
            for (TransferRequest request : requests) {
                r.progress().await(request);
                assertEquals(ErrorClass.SUCCESS, request.errorClass, request.errorMessage);
            }
            for (int i = 0; i < count; i++) {
                in[i].check(i + peer, in[i].bytes());
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void canBeProbedAndReceivedByAnyRequest(Where to) throws Exception {
        twoNodes().run(2, r -> {
            int size = 500_000;
            Place place = to.room(r, size);
            if (r.rank() == 0) {
                place.fill(4);
                r.pointToPoint().send(r.world(), Mode.STANDARD, place.base(), place.offset(), size, BYTE, 1, TAG);
                r.pointToPoint().send(r.world(), Mode.STANDARD, new byte[1], 0, 1, BYTE, 1, TAG);
                return;
            }
            place.clear();
            Envelope found = new Envelope();
            r.pointToPoint().probe(r.world(), PointToPoint.ANY_SOURCE, PointToPoint.ANY_TAG, found);
            assertEquals(size, found.bytes);
            MatchedMessage message = r.pointToPoint().improbe(r.world(), 0, TAG);
            assertFalse(r.pointToPoint().iprobe(r.world(), 0, TAG, found), "the next message cannot have left yet");
            TransferRequest receive =
                    r.pointToPoint().imrecv(message, place.base(), place.offset(), size, BYTE);
            r.progress().await(receive);
            place.check(4, size);
            r.pointToPoint().recv(r.world(), new byte[1], 0, 1, BYTE, 0, TAG, null);
        });
    }

    @Test
    void aReceiveThatIsCancelledLeavesTheMessageToTheNext() throws Exception {
        twoNodes().run(2, r -> {
            int size = 400_000;
            if (r.rank() == 0) {
                r.pointToPoint().recv(r.world(), new byte[1], 0, 1, BYTE, 1, TAG, null);
                Place place = Where.SEGMENT.room(r, size);
                place.fill(5);
                r.pointToPoint().send(r.world(), Mode.STANDARD, place.base(), place.offset(), size, BYTE, 1, TAG);
                return;
            }
            Place never = Where.SEGMENT.room(r, size);
            never.clear();
            TransferRequest cancelled =
                    r.pointToPoint().irecv(r.world(), never.base(), never.offset(), size, BYTE, 0, TAG);
            r.pointToPoint().cancel(cancelled);
            assertTrue(cancelled.cancelled);
            r.pointToPoint().send(r.world(), Mode.STANDARD, new byte[1], 0, 1, BYTE, 0, TAG);
            Place place = Where.SEGMENT.room(r, size);
            TransferRequest matched = r.pointToPoint()
                    .irecv(r.world(), place.base(), place.offset(), size, BYTE, 0, TAG);
            Envelope probe = new Envelope();
            assertFalse(r.pointToPoint().iprobe(r.world(), 0, TAG + 1, probe));
            r.progress().await(matched);
            r.pointToPoint().cancel(matched);
            assertFalse(matched.cancelled, "a receive that is over");
            place.check(5, size);
            never.check(0, 0);
        });
    }

    @Test
    void shortMessagesDoNotWaitForALongOne() throws Exception {
        twoNodes().run(2, r -> {
            int size = 64 << 20;
            Place place = Where.SEGMENT.room(r, size);
            byte[] small = new byte[8];
            if (r.rank() == 0) {
                TransferRequest large = r.pointToPoint()
                        .isend(r.world(), Mode.STANDARD, place.base(), place.offset(), size, BYTE, 1, TAG);
                r.pointToPoint().recv(r.world(), small, 0, 8, BYTE, 1, TAG, null);
                r.pointToPoint().send(r.world(), Mode.STANDARD, small, 0, 8, BYTE, 1, TAG + 1);
                r.pointToPoint().send(r.world(), Mode.SYNCHRONOUS, new byte[2000], 0, 2000, BYTE, 1, TAG + 2);
                r.progress().await(large);
                return;
            }
            TransferRequest large = r.pointToPoint().irecv(r.world(), place.base(), place.offset(), size, BYTE, 0, TAG);
            r.pointToPoint().send(r.world(), Mode.STANDARD, small, 0, 8, BYTE, 0, TAG);
            r.pointToPoint().recv(r.world(), small, 0, 8, BYTE, 0, TAG + 1, null);
            assertFalse(large.isDone(), "64 MiB in " + size / PIECE + " pieces have passed 8 bytes");
            r.pointToPoint().recv(r.world(), new byte[2000], 0, 2000, BYTE, 0, TAG + 2, null);
            assertFalse(large.isDone(), "64 MiB in " + size / PIECE + " pieces have passed a synchronous send");
            r.progress().await(large);
        });
    }

    @Test
    void aReceiverThatDoesNothingHoldsUpNobodyElse() throws Exception {
        int size = 4 << 20;
        EndpointOptions small = new EndpointOptions(8192, 64, NodeJob.ENDPOINT.heap().withMostBytes(1 << 20), 100, 100);
        CountDownLatch done = new CountDownLatch(1);
        new NodeJob(small, PROTOCOLS, 2, NodeJob.Mapping.FILLED).run(4, r -> {
            byte[] data = new byte[size];
            if (r.rank() < 2) {
                r.pointToPoint().send(r.world(), Mode.STANDARD, data, 0, size, BYTE, r.rank() + 2, TAG);
            } else if (r.rank() == 2) {
                TransferRequest slow = r.pointToPoint().irecv(r.world(), data, 0, size, BYTE, 0, TAG);
                done.await();
                r.progress().await(slow);
            } else {
                r.pointToPoint().recv(r.world(), data, 0, size, BYTE, 1, TAG, null);
                done.countDown();
            }
        });
    }
}
