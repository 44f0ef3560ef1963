package org.isthmus.node.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** The layouts' numbers, written out: whoever changes one changes what processes of two versions see of each other. */
class DescriptorTest {
    @Test
    void segmentHeader() {
        assertEquals(0x0049_5354_484d_5553L, SegmentDescriptor.MAGIC);
        assertEquals(4, SegmentDescriptor.VERSION);
        assertEquals(128, SegmentDescriptor.HEADER.byteSize());
        assertEquals(0, SegmentDescriptor.MAGIC_OFFSET);
        assertEquals(8, SegmentDescriptor.VERSION_OFFSET);
        assertEquals(12, SegmentDescriptor.RANKS_OFFSET);
        assertEquals(16, SegmentDescriptor.WINDOW_OFFSET);
        assertEquals(24, SegmentDescriptor.BOARD_BYTES_OFFSET);
        assertEquals(32, SegmentDescriptor.HEAPS_OFFSET);
        assertEquals(40, SegmentDescriptor.EXTENTS_OFFSET);
        assertEquals(48, SegmentDescriptor.POLICY_OFFSET);
        assertEquals(56, SegmentDescriptor.STATUS_OFFSET);
        assertEquals(64, SegmentDescriptor.POOL_END_OFFSET);
    }

    @Test
    void rankLine() {
        assertEquals(64, SegmentDescriptor.RANK_LINE.byteSize());
        assertEquals(0, SegmentDescriptor.ATTENTION_OFFSET);
        assertEquals(4, SegmentDescriptor.WAKE_OFFSET);
        assertEquals(1, SegmentDescriptor.SLEEPING);
        assertEquals(2, SegmentDescriptor.COLD);
    }

    @Test
    void rankBlocksOfTwoRanks() {
        assertEquals(4096, SegmentDescriptor.rankLine(2, 0));
        assertEquals(4160, SegmentDescriptor.activityBitmap(2, 0));
        assertEquals(4224, SegmentDescriptor.mailbox(2, 0));
        assertEquals(20672, SegmentDescriptor.rankLine(2, 1));
        assertEquals(20736, SegmentDescriptor.activityBitmap(2, 1));
        assertEquals(20800, SegmentDescriptor.mailbox(2, 1));
        assertEquals(40960, SegmentDescriptor.fixedBytes(2));
    }

    @Test
    void rankBlocksFollowEachOtherWithoutOverlapFor1To512Ranks() {
        for (int ranks = 1; ranks <= 512; ranks++) {
            long end = 4096;
            for (int rank = 0; rank < ranks; rank++) {
                long line = SegmentDescriptor.rankLine(ranks, rank);
                long bitmap = SegmentDescriptor.activityBitmap(ranks, rank);
                long mailbox = SegmentDescriptor.mailbox(ranks, rank);
                assertTrue(line >= end && line % 64 == 0, "rank line of " + rank + " of " + ranks);
                assertTrue(bitmap >= line + 64 && bitmap % 64 == 0, "bitmap of " + rank + " of " + ranks);
                assertTrue(mailbox - bitmap >= (ranks + 7) / 8 && mailbox % 64 == 0,
                        "mailbox of " + rank + " of " + ranks);
                end = mailbox + MailboxDescriptor.BYTES;
            }
            long fixed = SegmentDescriptor.fixedBytes(ranks);
            assertTrue(fixed >= end && fixed < end + 4096 && fixed % 4096 == 0, "end of " + ranks);
        }
        assertEquals(4096 + 513 * (64 + 128 + 16448L), SegmentDescriptor.rankLine(513, 513));
    }

    @Test
    void mailbox() {
        assertEquals(64, MailboxDescriptor.CELLS);
        assertEquals(256, MailboxDescriptor.CELL_BYTES);
        assertEquals(16448, MailboxDescriptor.BYTES);
        assertEquals(0, MailboxDescriptor.TAIL_OFFSET);
        assertEquals(8, MailboxDescriptor.WANTED_OFFSET);
        assertEquals(0, MailboxDescriptor.STATE_OFFSET);
        assertEquals(8, MailboxDescriptor.SOURCE_OFFSET);
        assertEquals(16, MailboxDescriptor.HEADER_OFFSET);
        assertEquals(24, MailboxDescriptor.PAYLOAD_OFFSET);
        assertEquals(232, MailboxDescriptor.MAX_PAYLOAD);
        assertEquals(64, MailboxDescriptor.cell(0));
        assertEquals(320, MailboxDescriptor.cell(1));
        assertEquals(16192, MailboxDescriptor.cell(63));
        assertEquals(64, MailboxDescriptor.cell(64));
        assertEquals(16192, MailboxDescriptor.cell(Long.MAX_VALUE));
        assertEquals(0x1c0000, MailboxDescriptor.free(7));
        assertEquals(0x1c0001, MailboxDescriptor.published(7));
        assertEquals(0x1c0002, MailboxDescriptor.claimed(7, 0));
        assertEquals(0x1fffff, MailboxDescriptor.claimed(7, 0x3fffd));
        assertEquals(0x3fffd, MailboxDescriptor.claimant(0x1fffff, 7));
        assertEquals(0, MailboxDescriptor.claimant(0x1c0002, 7));
        for (long state : new long[] {0x1bffff, 0x1c0000, 0x1c0001, 0x200000, 0x200002}) {
            assertEquals(-1, MailboxDescriptor.claimant(state, 7), Long.toHexString(state));
        }
        assertEquals(MailboxDescriptor.BYTES, MailboxDescriptor.cell(63) + MailboxDescriptor.CELL_BYTES);
    }

    @Test
    void ring() {
        assertEquals(0, RingDescriptor.CONSUMED_OFFSET);
        assertEquals(8, RingDescriptor.GRANTED_OFFSET);
        assertEquals(64, RingDescriptor.RECORDS_OFFSET);
        assertEquals(4096, RingDescriptor.MIN_BYTES);
        assertEquals(64, RingDescriptor.PUBLISHED_OFFSET);
        assertEquals(128, RingDescriptor.INDEXED_RECORDS_OFFSET);
        assertEquals(1008, RingDescriptor.creditBatch(4032));
    }

    @Test
    void recordHeaderWord() {
        assertEquals(0x1234_5678_9abc_d123L, RecordDescriptor.header(0xd, 0x9abc, 0x12345678, 0x123));
        MemorySegment word = MemorySegment.ofArray(new long[1]);
        word.set(ValueLayout.JAVA_LONG, 0, RecordDescriptor.header(3, 7, -1, 5));
        assertEquals(0xffff_ffff_0007_3005L, word.get(ValueLayout.JAVA_LONG, 0));
        assertEquals(4095, RecordDescriptor.MAX_PAYLOAD);
        assertEquals(15, RecordDescriptor.MAX_KIND);
        assertEquals(65535, RecordDescriptor.MAX_CONTEXT);
        assertEquals(15, RecordDescriptor.KIND_PADDING);
        assertEquals(14, RecordDescriptor.KIND_RING_CREATED);
    }

    @Test
    void recordHeaderRoundTripAtTheExtremes() {
        int[] tags = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x8000_0001, 0x7fff};
        int[] contexts = {0, 1, 0x7fff, 0x8000, RecordDescriptor.MAX_CONTEXT};
        int[] sizes = {0, 1, 2048, RecordDescriptor.MAX_PAYLOAD};
        for (int kind = 0; kind <= RecordDescriptor.MAX_KIND; kind++) {
            for (int context : contexts) {
                for (int tag : tags) {
                    for (int bytes : sizes) {
                        long header = RecordDescriptor.header(kind, context, tag, bytes);
                        assertEquals(kind, RecordDescriptor.kind(header));
                        assertEquals(context, RecordDescriptor.context(header));
                        assertEquals(tag, RecordDescriptor.tag(header));
                        assertEquals(bytes, RecordDescriptor.payloadBytes(header));
                    }
                }
            }
        }
    }

    @Test
    void recordsArePaddedToWords() {
        assertEquals(8, RecordDescriptor.recordBytes(0));
        assertEquals(16, RecordDescriptor.recordBytes(1));
        assertEquals(16, RecordDescriptor.recordBytes(8));
        assertEquals(24, RecordDescriptor.recordBytes(9));
        assertEquals(4104, RecordDescriptor.recordBytes(RecordDescriptor.MAX_PAYLOAD));
    }
}
