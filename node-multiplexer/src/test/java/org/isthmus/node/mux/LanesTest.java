package org.isthmus.node.mux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LanesTest {
    private static final int ROUNDS = 1000;

    @Test
    void bytesAreSharedEvenlyWhateverTheLengthOfRecords() {
        int[] record = {24, 1024, 16 << 10, 60 << 10};
        Lanes lanes = new Lanes(record.length, 1 << 20);
        long[] sent = new long[record.length];
        for (int round = 0; round < ROUNDS; round++) {
            lanes.nextRound();
            for (int lane = 0; lane < record.length; lane++) {
                while (lanes.isOpen(lane)) {
                    lanes.charge(lane, record[lane]);
                    sent[lane] += record[lane];
                }
            }
        }
        for (int lane = 0; lane < record.length; lane++) {
            assertEquals((double) ROUNDS * Lanes.QUANTUM, sent[lane], ROUNDS * 30.0 + 2 * (64 << 10), "lane " + lane);
        }
    }

    @Test
    void aLaneThatTookTooMuchPausesAndIsCountedUntilItsTurn() {
        Lanes lanes = new Lanes(2, 1 << 20);
        assertEquals(0, lanes.nextRound());
        lanes.charge(0, 3 * Lanes.QUANTUM);
        assertFalse(lanes.isOpen(0));
        assertTrue(lanes.isOpen(1));
        assertEquals(1, lanes.nextRound());
        assertEquals(1, lanes.nextRound());
        assertFalse(lanes.isOpen(0));
        assertEquals(0, lanes.nextRound());
        assertTrue(lanes.isOpen(0));
        assertEquals(0, lanes.nextRound());
    }

    @Test
    void aLaneWithTooManyBytesWaitingIsSkipped() {
        Lanes lanes = new Lanes(2, 100);
        lanes.addWaiting(0, 60);
        assertTrue(lanes.isOpen(0));
        lanes.addWaiting(0, 60);
        assertFalse(lanes.isOpen(0));
        assertTrue(lanes.isOpen(1));
        lanes.addWaiting(0, -60);
        assertTrue(lanes.isOpen(0));
        assertEquals(60, lanes.waiting(0));
    }
}
