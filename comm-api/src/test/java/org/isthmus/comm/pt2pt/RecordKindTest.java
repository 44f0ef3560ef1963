package org.isthmus.comm.pt2pt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The numbers of the records between ranks, written out: they are what two processes know of each other. */
class RecordKindTest {
    @Test
    void kinds() {
        assertEquals(1, RecordKind.EAGER_INLINE);
        assertEquals(2, RecordKind.EAGER_FIRST);
        assertEquals(3, RecordKind.EAGER_NEXT);
        assertEquals(4, RecordKind.DATA);
        assertEquals(5, RecordKind.READY_TO_SEND);
        assertEquals(6, RecordKind.CLEAR_TO_SEND);
        assertEquals(7, RecordKind.FINISHED);
        assertEquals(9, RecordKind.GRANT);
        assertEquals(16, RecordKind.LOCAL);
    }

    @Test
    void payloads() {
        assertEquals(16, RecordKind.EAGER_TOTAL_OFFSET);
        assertEquals(24, RecordKind.EAGER_FIRST_BYTES);
        assertEquals(16, RecordKind.EAGER_NEXT_BYTES);
        assertEquals(0, RecordKind.READY_TOTAL_OFFSET);
        assertEquals(8, RecordKind.READY_SEND_OFFSET);
        assertEquals(16, RecordKind.READY_SHARED_OFFSET);
        assertEquals(24, RecordKind.READY_PROCESS_OFFSET);
        assertEquals(32, RecordKind.READY_ADDRESS_OFFSET);
        assertEquals(40, RecordKind.READY_TO_SEND_BYTES);
        assertEquals(8, RecordKind.CONTROL_BYTES);
        assertEquals(-1, RecordKind.NOT_SHARED);
        assertEquals(-2, RecordKind.BY_REGION);
    }
}
