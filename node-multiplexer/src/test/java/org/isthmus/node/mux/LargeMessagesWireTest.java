package org.isthmus.node.mux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.isthmus.node.endpoint.LargeRecordDescriptor;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.spi.Capabilities;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.Endpoint;
import org.isthmus.node.spi.EndpointAddress;
import org.isthmus.node.spi.MemoryRegion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of large messages as another node might forge them. */
class LargeMessagesWireTest {
    private static final int RECEIVE = 7;
    private static final int SOURCE = 1;

    @TempDir
    Path directory;

    private final MemorySegment frame = MemorySegment.ofArray(new long[32]);
    private final Places channel = new Places();
    private RankEndpoint endpoint;
    private LargeMessages large;

    /** Takes every place, and says how far they reach. */
    private static final class Places implements Channel {
        int given;
        long lastOffset;
        long lastLength;

        @Override
        public int peer() {
            return 1;
        }

        @Override
        public int trySend(MemoryRegion region, long offset, int length, long context) {
            return BACK_PRESSURED;
        }

        @Override
        public int trySendRegion(MemoryRegion region, long offset, long length, long context) {
            return BACK_PRESSURED;
        }

        @Override
        public int tryReceiveRegion(MemoryRegion region, long offset, long length, long context) {
            MemoryRegion.check(region, offset, length, LargeRecordDescriptor.MAX_PIECE);
            given++;
            lastOffset = region.memory().address() + offset;
            lastLength = length;
            return ACCEPTED;
        }

        @Override
        public ChannelFailure failure() {
            return null;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    private record Region(MemorySegment memory) implements MemoryRegion {
        @Override
        public void close() {
            // nothing was pinned
        }
    }

    /** Registers memory and does nothing else. */
    private static final class Registry implements Endpoint {
        @Override
        public EndpointAddress address() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Capabilities capabilities() {
            throw new UnsupportedOperationException();
        }

        @Override
        public MemoryRegion register(MemorySegment memory) {
            return new Region(memory);
        }

        @Override
        public Channel connect(int node, EndpointAddress address) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int poll(int limit) {
            return 0;
        }

        @Override
        public void await(long nanos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void wakeup() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void abort() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException();
        }
    }

    @BeforeEach
    void open() throws Exception {
        NodeRanks ranks = new NodeRanks(2, 0);
        endpoint = MultiplexerPlace.open(directory, ranks);
        large = new LargeMessages(endpoint, ranks, new SegmentRegions(endpoint.memory(), new Registry()),
                new NoticeBoard(endpoint, ranks), 2, node -> {
            throw new AssertionError("nothing leaves for node " + node);
        });
    }

    private boolean offer(int kind, int receive, long... words) {
        int payload = RemoteRecordDescriptor.BYTES + words.length * Long.BYTES;
        frame.set(RelayedRecord.LONG, 0, RecordDescriptor.header(kind, 0, receive, payload));
        for (int i = 0; i < words.length; i++) {
            frame.set(RelayedRecord.LONG, RelayedRecord.PAYLOAD_OFFSET + (long) i * Long.BYTES, words[i]);
        }
        return large.onFrameRecord(channel, 0, SOURCE, frame, 0);
    }

    private void assertRefused(int kind, int receive, long... words) {
        int before = channel.given;
        assertThrows(CorruptRecordException.class, () -> offer(kind, receive, words));
        assertEquals(before, channel.given);
    }

    /** A clear-to-send of the rank here, which gives a place. */
    private long land(long bytes) {
        long at = endpoint.segment().pool().allocateExtent(bytes);
        long record = endpoint.segment().pool().allocateExtent(64);
        endpoint.memory().set(RelayedRecord.LONG, record, RECEIVE);
        endpoint.memory().set(RelayedRecord.LONG, record + LargeRecordDescriptor.CLEAR_LIMIT_OFFSET, bytes);
        endpoint.memory().set(RelayedRecord.LONG, record + LargeRecordDescriptor.CLEAR_LANDING_OFFSET, at);
        assertFalse(large.onRecord(0, 1, SOURCE, RecordDescriptor.header(LargeRecordDescriptor.KIND_CLEAR_TO_SEND, 0, 0,
                RemoteRecordDescriptor.BYTES + LargeRecordDescriptor.CLEAR_BYTES), record));
        return at;
    }

    @Test
    void recordsOfRanksAndNoticesAreRefused() {
        assertRefused(LargeRecordDescriptor.KIND_RANGE, RECEIVE, 0, 4096, 0, 1, 4096);
        assertRefused(LargeRecordDescriptor.KIND_ARRIVED, RECEIVE, 4096);
        assertFalse(offer(LargeRecordDescriptor.KIND_FINISHED, RECEIVE));
    }

    @Test
    void piecesOfImpossibleLengthAreRefused() {
        assertRefused(LargeRecordDescriptor.KIND_PIECE, RECEIVE, 0, 4096);
        assertRefused(LargeRecordDescriptor.KIND_PIECE, RECEIVE, 0, 0, 0);
        assertRefused(LargeRecordDescriptor.KIND_PIECE, RECEIVE, 0, -1, 0);
        assertRefused(LargeRecordDescriptor.KIND_PIECE, RECEIVE, 0, LargeRecordDescriptor.MAX_PIECE + 1, 0);
        assertRefused(LargeRecordDescriptor.KIND_PIECE, RECEIVE, 0, 1, -1);
        assertRefused(LargeRecordDescriptor.KIND_PIECE, -2, 0, 1, 0);
        assertTrue(offer(LargeRecordDescriptor.KIND_PIECE, RECEIVE, 0, LargeRecordDescriptor.MAX_PIECE, 0));
        assertEquals(1, channel.given);
    }

    @Test
    void piecesStayInTheirLandingPlace() {
        long at = land(10_000);
        assertRefused(LargeRecordDescriptor.KIND_PIECE, RECEIVE, 0, 10_001, 0);
        assertRefused(LargeRecordDescriptor.KIND_PIECE, RECEIVE, 0, 10, 1);
        assertTrue(offer(LargeRecordDescriptor.KIND_PIECE, RECEIVE, 0, 9_000, 0));
        assertEquals(endpoint.memory().address() + at, channel.lastOffset);
        assertRefused(LargeRecordDescriptor.KIND_PIECE, RECEIVE, 0, 1_001, 9_000);
        assertRefused(LargeRecordDescriptor.KIND_PIECE, RECEIVE, 0, 1_000, Long.MAX_VALUE - 10);
        assertTrue(offer(LargeRecordDescriptor.KIND_PIECE, RECEIVE, 0, 1_000, 9_000));
        assertEquals(endpoint.memory().address() + at + 9_000, channel.lastOffset);
        assertEquals(1_000, channel.lastLength);
        assertThrows(CorruptRecordException.class, () -> land(10_000), "the receive has a place");
    }

    @Test
    void aTransferOfAnotherLengthThanAnnouncedIsRefused() {
        land(10_000);
        offer(LargeRecordDescriptor.KIND_PIECE, RECEIVE, 0, 10_000, 0);
        assertThrows(CorruptRecordException.class, () -> large.onReceived(channel, 9_999));
    }
}
