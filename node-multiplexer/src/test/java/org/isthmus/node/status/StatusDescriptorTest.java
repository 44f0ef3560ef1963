package org.isthmus.node.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.isthmus.node.shm.StatusDescriptor;
import org.junit.jupiter.api.Test;

/** The layout's numbers, written out: readers may be of another build than the job. */
class StatusDescriptorTest {
    @Test
    void jobBlock() {
        assertEquals(0, StatusDescriptor.STARTED_OFFSET);
        assertEquals(8, StatusDescriptor.JOB_SIZE_OFFSET);
        assertEquals(12, StatusDescriptor.NODE_OFFSET);
        assertEquals(16, StatusDescriptor.NODES_OFFSET);
        assertEquals(24, StatusDescriptor.LINKS_OFFSET);
        assertEquals(64, StatusDescriptor.JOB_OFFSET);
        assertEquals(32, StatusDescriptor.JOB_BYTES);
        assertEquals(96, StatusDescriptor.LAUNCHER_OFFSET);
        assertEquals(32, StatusDescriptor.LAUNCHER_BYTES);
        assertEquals(128, StatusDescriptor.PROGRAM_OFFSET);
        assertEquals(128, StatusDescriptor.PROGRAM_BYTES);
    }

    @Test
    void rankBlocks() {
        assertEquals(256, StatusDescriptor.rankBlock(0));
        assertEquals(768, StatusDescriptor.rankBlock(1));
        assertEquals(1280, StatusDescriptor.bytes(2));
        assertEquals(0, StatusDescriptor.RANK_OFFSET);
        assertEquals(8, StatusDescriptor.PID_OFFSET);
        assertEquals(64, StatusDescriptor.COUNTERS_OFFSET);
        assertEquals(512, StatusDescriptor.RANK_BLOCK_BYTES);
        assertEquals(-1, StatusDescriptor.MULTIPLEXER);
    }

    @Test
    void links() {
        assertEquals(0, StatusDescriptor.AREA_NODES_OFFSET);
        assertEquals(4, StatusDescriptor.AREA_SHARDS_OFFSET);
        assertEquals(64, StatusDescriptor.NAME_TABLES_OFFSET);
        assertEquals(2048, StatusDescriptor.NAME_TABLE_BYTES);
        assertEquals(64 + 3 * 2048, StatusDescriptor.directory(3));
        assertEquals(64 + 3 * 2048 + 8 * 15, StatusDescriptor.linkAreaBytes(5, 3));
        assertTrue(StatusDescriptor.NAMES_OFFSET
                + (long) StatusDescriptor.BACKEND_COUNTERS * StatusDescriptor.NAME_BYTES
                <= StatusDescriptor.NAME_TABLE_BYTES);
        assertEquals(64, StatusDescriptor.NAMES_OFFSET);
        assertEquals(40, StatusDescriptor.NAME_BYTES);
        assertEquals(48, StatusDescriptor.BACKEND_COUNTERS);
        assertEquals(0, StatusDescriptor.PEER_OFFSET);
        assertEquals(4, StatusDescriptor.SHARD_OFFSET);
        assertEquals(64, StatusDescriptor.OUTWARD_OFFSET);
        assertEquals(192, StatusDescriptor.INWARD_OFFSET);
        assertEquals(320, StatusDescriptor.BACKEND_OFFSET);
        assertEquals(704, StatusDescriptor.LINK_BLOCK_BYTES);
    }

    @Test
    void writersHaveCacheLinesOfTheirOwn() {
        for (long boundary : new long[] {StatusDescriptor.JOB_BLOCK_BYTES, StatusDescriptor.RANK_BLOCK_BYTES,
            StatusDescriptor.OUTWARD_OFFSET, StatusDescriptor.INWARD_OFFSET, StatusDescriptor.BACKEND_OFFSET,
            StatusDescriptor.LINK_BLOCK_BYTES}) {
            assertEquals(0, boundary % 64, Long.toString(boundary));
        }
    }

    @Test
    void theTablesFitTheirBlocks() {
        assertTrue(RankCounter.values().length <= StatusDescriptor.RANK_COUNTERS);
        long outward = 0;
        long inward = 0;
        for (LinkCounter counter : LinkCounter.values()) {
            long expected = counter.isOutward() ? StatusDescriptor.OUTWARD_OFFSET + 8 * outward++
                    : StatusDescriptor.INWARD_OFFSET + 8 * inward++;
            assertEquals(expected, counter.offset(), counter.key());
        }
        assertTrue(outward <= StatusDescriptor.LINK_COUNTERS && inward <= StatusDescriptor.LINK_COUNTERS);
    }

    @Test
    void countersOfProtocolsComeInPairs() {
        for (Protocol protocol : Protocol.values()) {
            assertEquals("sent-" + protocol.key(), protocol.sent().key());
            assertEquals("received-" + protocol.key(), protocol.received().key());
            RankCounter[] all = RankCounter.values();
            assertEquals(protocol.sent().key() + "-bytes", all[protocol.sent().ordinal() + 1].key());
            assertEquals(protocol.received().key() + "-bytes", all[protocol.received().ordinal() + 1].key());
        }
        assertEquals(2 * 2 * Protocol.values().length, RankCounter.UNEXPECTED.ordinal());
    }
}
