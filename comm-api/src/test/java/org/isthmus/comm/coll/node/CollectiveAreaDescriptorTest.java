package org.isthmus.comm.coll.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CollectiveAreaDescriptorTest {
    @Test
    void theNumbersOfTwoMembers() {
        assertEquals(0, CollectiveAreaDescriptor.SLEEPERS_OFFSET);
        assertEquals(8, CollectiveAreaDescriptor.INLINE_OFFSET);
        assertEquals(56, CollectiveAreaDescriptor.INLINE_BYTES);
        assertEquals(128, CollectiveAreaDescriptor.DONE_OFFSET);
        assertEquals(192, CollectiveAreaDescriptor.SECOND_OFFSET);
        assertEquals(8192, CollectiveAreaDescriptor.SLOT_BYTES);
        assertEquals(65536, CollectiveAreaDescriptor.CELL_BYTES);
        assertEquals(64, CollectiveAreaDescriptor.control(0));
        assertEquals(320, CollectiveAreaDescriptor.control(1));
        assertEquals(64, CollectiveAreaDescriptor.arrivedLine(0, 2));
        assertEquals(128, CollectiveAreaDescriptor.arrivedLine(0, 3));
        assertEquals(576, CollectiveAreaDescriptor.exchangeSlot(2, 0, 0));
        assertEquals(8768, CollectiveAreaDescriptor.exchangeSlot(2, 0, 1));
        assertEquals(16960, CollectiveAreaDescriptor.exchangeSlot(2, 1, 0));
        assertEquals(33344, CollectiveAreaDescriptor.cell(2, 0));
        assertEquals(98880, CollectiveAreaDescriptor.cell(2, 1));
        assertEquals(164416, CollectiveAreaDescriptor.result(2));
        assertEquals(229952, CollectiveAreaDescriptor.broadcastSlot(2, 0));
        assertEquals(295488, CollectiveAreaDescriptor.broadcastSlot(2, 1));
        assertEquals(361024, CollectiveAreaDescriptor.bytes(2));
    }

    @Test
    void partsFollowEachOtherOnWholeLinesFor1To512Members() {
        for (int members = 1; members <= 512; members++) {
            long end = 64;
            for (int member = 0; member < members; member++) {
                end = place(end, CollectiveAreaDescriptor.arrivedLine(member, 0), 64);
                end = place(end, CollectiveAreaDescriptor.arrivedLine(member, 1), 64);
                long control = CollectiveAreaDescriptor.control(member);
                end = place(end, control + CollectiveAreaDescriptor.DONE_OFFSET, 64);
                end = place(end, control + CollectiveAreaDescriptor.SECOND_OFFSET, 64);
            }
            for (int member = 0; member < members; member++) {
                for (long operation = 6; operation < 8; operation++) {
                    end = place(end, CollectiveAreaDescriptor.exchangeSlot(members, member, operation), 8192);
                }
            }
            for (int member = 0; member < members; member++) {
                end = place(end, CollectiveAreaDescriptor.cell(members, member), 65536);
            }
            end = place(end, CollectiveAreaDescriptor.result(members), 65536);
            end = place(end, CollectiveAreaDescriptor.broadcastSlot(members, 10), 65536);
            end = place(end, CollectiveAreaDescriptor.broadcastSlot(members, 11), 65536);
            assertEquals(end, CollectiveAreaDescriptor.bytes(members));
        }
    }

    private static long place(long end, long at, long bytes) {
        assertTrue(at >= end && at % 64 == 0, at + " after " + end);
        return at + bytes;
    }
}
