package org.isthmus.node.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The payloads' numbers, written out: they are what two processes know of each other. */
class RecordPayloadsTest {
    @Test
    void addressesBeforeAPayload() {
        assertEquals(0, RemoteRecordDescriptor.DESTINATION_OFFSET);
        assertEquals(4, RemoteRecordDescriptor.SOURCE_OFFSET);
        assertEquals(8, RemoteRecordDescriptor.BYTES);
        assertEquals(2, RemoteRecordDescriptor.FIRST_BLOCK_KIND);
        assertEquals(4, RemoteRecordDescriptor.LAST_BLOCK_KIND);
    }

    @Test
    void block() {
        assertEquals(0, BlockRecordDescriptor.BLOCK_OFFSET);
        assertEquals(8, BlockRecordDescriptor.BYTES_OFFSET);
        assertEquals(16, BlockRecordDescriptor.BLOCK_BYTES);
        assertEquals(16, BlockRecordDescriptor.POSITION_OFFSET);
        assertEquals(24, BlockRecordDescriptor.PIECE_BYTES);
    }

    @Test
    void largeMessages() {
        assertEquals(4, LargeRecordDescriptor.KIND_DATA);
        assertEquals(6, LargeRecordDescriptor.KIND_CLEAR_TO_SEND);
        assertEquals(7, LargeRecordDescriptor.KIND_FINISHED);
        assertEquals(8, LargeRecordDescriptor.KIND_ARRIVED);
        assertEquals(10, LargeRecordDescriptor.KIND_RANGE);
        assertEquals(11, LargeRecordDescriptor.KIND_PIECE);
        assertEquals(0, LargeRecordDescriptor.CLEAR_RECEIVE_OFFSET);
        assertEquals(8, LargeRecordDescriptor.CLEAR_LIMIT_OFFSET);
        assertEquals(16, LargeRecordDescriptor.CLEAR_LANDING_OFFSET);
        assertEquals(24, LargeRecordDescriptor.CLEAR_BYTES);
        assertEquals(0, LargeRecordDescriptor.RANGE_OFFSET_OFFSET);
        assertEquals(8, LargeRecordDescriptor.RANGE_BYTES_OFFSET);
        assertEquals(16, LargeRecordDescriptor.RANGE_POSITION_OFFSET);
        assertEquals(24, LargeRecordDescriptor.RANGE_SEND_OFFSET);
        assertEquals(32, LargeRecordDescriptor.RANGE_PIECE_OFFSET);
        assertEquals(40, LargeRecordDescriptor.RANGE_BYTES);
        assertEquals(8, LargeRecordDescriptor.ARRIVED_BYTES);
    }

    @Test
    void oneSidedOperations() {
        assertEquals(0, OneSidedRecordDescriptor.HERE_OFFSET);
        assertEquals(8, OneSidedRecordDescriptor.BYTES_OFFSET);
        assertEquals(16, OneSidedRecordDescriptor.THERE_OFFSET);
        assertEquals(24, OneSidedRecordDescriptor.FIRST_OFFSET);
        assertEquals(32, OneSidedRecordDescriptor.SECOND_OFFSET);
        assertEquals(40, OneSidedRecordDescriptor.BYTES);
        assertEquals(0, OneSidedRecordDescriptor.WANT_OFFSET_OFFSET);
        assertEquals(8, OneSidedRecordDescriptor.WANT_LENGTH_OFFSET);
        assertEquals(16, OneSidedRecordDescriptor.WANT_BYTES);
        assertEquals(0, OneSidedRecordDescriptor.GIVEN_PART_OFFSET);
        assertEquals(8, OneSidedRecordDescriptor.GIVEN_ADDRESS_OFFSET);
        assertEquals(16, OneSidedRecordDescriptor.GIVEN_LENGTH_OFFSET);
        assertEquals(24, OneSidedRecordDescriptor.GIVEN_KEY_OFFSET);
        assertEquals(32, OneSidedRecordDescriptor.GIVEN_BYTES);
    }

    @Test
    void ringCreated() {
        assertEquals(0, RingCreatedDescriptor.RING_OFFSET);
        assertEquals(8, RingCreatedDescriptor.LENGTH_OFFSET);
        assertEquals(16, RingCreatedDescriptor.VARIANT_OFFSET);
        assertEquals(24, RingCreatedDescriptor.BYTES);
    }
}
