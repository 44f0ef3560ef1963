package org.isthmus.rdma.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RdmaDescriptorTest {
    @Test
    void immediateDataSaysTheTransferAndItsPieces() {
        int most = (int) (RdmaDescriptor.MAX_REGION / RdmaDescriptor.FRAGMENT_BYTES) - 1;
        for (long number : new long[] {0, 1, 511, 512, 1023, 1024, 5_000_000_000L}) {
            for (int pieces : new int[] {0, 1, most}) {
                int immediate = RdmaDescriptor.immediate(number, pieces);
                assertTrue(RdmaDescriptor.isOf(immediate, number));
                assertFalse(RdmaDescriptor.isOf(immediate, number + 1));
                assertEquals(pieces, RdmaDescriptor.piecesBefore(immediate));
            }
        }
    }
}
