package org.isthmus.node.mux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.isthmus.node.config.Settings;
import org.isthmus.node.endpoint.LargeRecordDescriptor;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.spi.Backend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large messages between two multiplexers, over any backend. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class LargeMessagesConformance {
    private static final int PIECE = 256 << 10;
    private static final int SEND = 5;
    private static final int RECEIVE = 9;
    /** First rank of the second node. */
    private static final int THERE = 2;

    protected LargeTestNode here;
    protected LargeTestNode there;

    /** The backend of node {@code node}. */
    protected abstract Backend backend(int node);

    /** Settings of both nodes. */
    protected Map<String, String> settings() {
        return Map.of();
    }

    @BeforeEach
    void open() throws IOException {
        Properties properties = new Properties();
        settings().forEach(properties::setProperty);
        Settings settings = Settings.of(Map.of(), properties);
        here = new LargeTestNode(0, backend(0), settings);
        there = new LargeTestNode(1, backend(1), settings);
        here.join(there);
        there.join(here);
    }

    @AfterEach
    void close() {
        Thread other = Thread.ofPlatform().start(there::close);
        here.close();
        try {
            other.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    protected final void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            round();
        }
    }

    private void round() {
        here.work();
        there.work();
        assertNull(here.lost);
        assertNull(there.lost);
    }

    private void settle() {
        until(() -> here.isIdle() && there.isIdle());
    }

    /** The first rank there gives a place for a message of the first rank here. */
    private long land(int receive, int bytes) {
        long landing = there.extent(bytes);
        int before = here.cleared[0];
        there.send(0, 0, LargeRecordDescriptor.KIND_CLEAR_TO_SEND, SEND, receive, bytes, landing);
        until(() -> here.cleared[0] > before);
        return landing;
    }

    private void sendRange(int receive, long from, long bytes) {
        here.send(0, THERE, LargeRecordDescriptor.KIND_RANGE, receive, from, bytes, 0, SEND, PIECE);
    }

    private void sendBlocks(int receive, int bytes) {
        for (int at = 0; at < bytes; at += PIECE) {
            int piece = Math.min(PIECE, bytes - at);
            here.send(0, THERE, LargeRecordDescriptor.KIND_PIECE, receive, here.block(0, piece, at), piece, at);
        }
    }

    private void seed(int seed) {
        here.seed = seed;
        there.seed = seed;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4096, PIECE - 1, PIECE, PIECE + 1, 5_000_001})
    protected void aRangeGoesStraightIntoItsPlace(int bytes) {
        seed(bytes);
        long from = here.extent(bytes);
        here.fill(from, bytes, 0);
        long landing = land(RECEIVE, bytes);
        sendRange(RECEIVE, from, bytes);
        until(() -> here.finished[0] == 1 && there.arrived[0] == bytes);
        there.check(landing, bytes, 0);
        settle();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PIECE, 5_000_001})
    void blocksGoStraightIntoTheirPlaceOrIntoBlocks(int bytes) {
        seed(bytes);
        long landing = land(RECEIVE, bytes);
        sendBlocks(RECEIVE, bytes);
        sendBlocks(RECEIVE + 1, bytes);
        until(() -> there.arrived[0] == bytes && there.pieced[0] == bytes);
        there.check(landing, bytes, 0);
        settle();
    }

    /**
     * A range and blocks, with {@code fault} each few rounds while they are on their way; for backends that survive it.
     *
     * @return how often it said that it had an effect
     */
    protected final int transferWhile(int seed, BooleanSupplier fault) {
        int bytes = 2_000_003;
        seed(seed);
        long from = here.extent(bytes);
        here.fill(from, bytes, 0);
        long landing = land(RECEIVE, bytes);
        int finishedBefore = here.finished[0];
        there.arrived[0] = 0;
        there.pieced[0] = 0;
        sendRange(RECEIVE, from, bytes);
        sendBlocks(RECEIVE + 1, bytes);
        int rounds = 0;
        int faults = 0;
        while (here.finished[0] == finishedBefore || there.arrived[0] < bytes || there.pieced[0] < bytes) {
            faults += ++rounds % 8 == 0 && rounds < 100 && fault.getAsBoolean() ? 1 : 0;
            round();
        }
        there.check(landing, bytes, 0);
        settle();
        return faults;
    }

    @Test
    void blocksComeBack() {
        int bytes = 4 << 20;
        for (int round = 0; round < 20; round++) { // more than the heaps hold
            seed(round);
            there.pieced[0] = 0;
            sendBlocks(RECEIVE, bytes);
            until(() -> there.pieced[0] == bytes);
        }
        settle();
    }

    @Test
    void messagesTakeTurns() {
        int bytes = 16 << 20;
        seed(3);
        long from = here.extent(bytes);
        here.fill(from, bytes, 0);
        long landing = land(RECEIVE, bytes);
        long second = land(RECEIVE + 1, PIECE);
        sendRange(RECEIVE, from, bytes);
        sendRange(RECEIVE + 1, from, PIECE);
        until(() -> there.arrived[0] > 0);
        assertEquals(PIECE, there.arrived[0], "the short message came first");
        until(() -> there.arrived[0] == bytes + PIECE);
        there.check(landing, bytes, 0);
        there.check(second, PIECE, 0);
        settle();
    }

    @Test
    void bytesOnTheirWayOutliveTheirSender() {
        int bytes = 3 << 20;
        seed(11);
        sendBlocks(RECEIVE, bytes);
        for (int i = 0; i < 100; i++) {
            here.work(); // the multiplexer has the blocks; the other node does nothing
        }
        here.kill(0);
        for (int i = 0; i < 24; i++) {
            long block = here.heap(1).allocate(PIECE);
            if (block != 0) {
                here.memory.asSlice(here.heap(1).offset(block), PIECE).fill((byte) 0x5a);
            }
        }
        until(() -> there.pieced[0] == bytes);
        settle();
    }

    @Test
    void placesOnTheirWayOutliveTheirReceiver() {
        int bytes = 3 << 20;
        seed(12);
        sendBlocks(RECEIVE, bytes);
        for (int i = 0; i < 1000 && there.pieced[0] == 0; i++) {
            here.work();
            there.work();
        }
        there.kill(0);
        long[] blocks = new long[24];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = there.heap(1).allocate(PIECE);
            if (blocks[i] != 0) {
                there.fill(there.heap(1).offset(blocks[i]), PIECE, i);
            }
        }
        settle();
        for (int i = 0; i < blocks.length; i++) {
            if (blocks[i] != 0) {
                there.check(there.heap(1).offset(blocks[i]), PIECE, i);
                there.heap(1).free(blocks[i]);
            }
        }
    }

    @Test
    void whatLiesOutsideIsRefused() {
        long window = here.memory.byteSize();
        long[][] ranges = {{window, 4096, 0, SEND, PIECE}, {window - 1, 4096, 0, SEND, PIECE},
                {-8, 4096, 0, SEND, PIECE},
            {here.extent(4096), Long.MAX_VALUE, 0, SEND, PIECE}, {here.extent(4096), 0, 0, SEND, PIECE},
            {here.extent(4096), 4096, -1, SEND, PIECE}, {here.extent(4096), 4096, 0, -2, PIECE},
            {here.extent(4096), 4096, 0, SEND, 0}, {here.extent(4096), 4096, 0, SEND, 2 << 20}};
        for (long[] range : ranges) {
            assertRefused(here, LargeRecordDescriptor.KIND_RANGE, range);
        }
        assertRefused(here, LargeRecordDescriptor.KIND_RANGE, here.extent(4096), 4096);
        assertRefused(here, LargeRecordDescriptor.KIND_PIECE, 12345, 4096, 0);
        assertRefused(here, LargeRecordDescriptor.KIND_PIECE, here.block(0, 4096, 0), 2 << 20, 0);
        assertRefused(here, LargeRecordDescriptor.KIND_ARRIVED, 4096);
        assertRefused(here, LargeRecordDescriptor.KIND_CLEAR_TO_SEND, RECEIVE, 4096, window - 1);
        assertRefused(here, LargeRecordDescriptor.KIND_CLEAR_TO_SEND, RECEIVE, 0, here.extent(4096));
        assertRefused(here, LargeRecordDescriptor.KIND_CLEAR_TO_SEND, -1, 4096, here.extent(4096));
    }

    private void assertRefused(LargeTestNode node, int kind, long... words) {
        node.send(0, THERE, kind, RECEIVE, words);
        assertThrows(CorruptRecordException.class, node::work);
    }

    @Test
    void aMessageThatDoesNotFitItsPlaceIsRefused() {
        int bytes = 8192;
        long from = here.extent(2 * bytes);
        land(RECEIVE, bytes);
        sendRange(RECEIVE, from, bytes + 1);
        assertThrows(CorruptRecordException.class, () -> until(() -> there.arrived[0] > 0));
        assertEquals(0, there.arrived[0]);
        assertFalse(here.isIdle(), "the transfer has found no place");
        assertTrue(here.finished[0] == 0);
    }
}
