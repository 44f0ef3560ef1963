package org.isthmus.node.mux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchHoldTest {
    private static final long MOST = 10_000;
    private long now = 1_000_000;

    private BatchHold withRecordsEvery(long gap) {
        BatchHold hold = new BatchHold(MOST);
        for (int i = 0; i < 200; i++) {
            now += gap;
            hold.onRecords(1, now);
        }
        return hold;
    }

    @ParameterizedTest
    @ValueSource(longs = {4_000, 10_000, 20_000, 1_000_000_000})
    void slowRecordsAreNeverHeld(long gap) {
        assertFalse(withRecordsEvery(gap).holds(now, now));
    }

    @Test
    void theFirstRecordIsNeverHeld() {
        BatchHold hold = new BatchHold(MOST);
        hold.onRecords(1, now);
        assertFalse(hold.holds(now, now));
    }

    @ParameterizedTest
    @ValueSource(longs = {50, 200, 1_000, 2_000})
    void fastRecordsAreHeldWithinTheBoundAndWhileTheyCome(long gap) {
        BatchHold hold = withRecordsEvery(gap);
        long opened = now;
        assertTrue(hold.holds(opened, now));
        assertFalse(hold.holds(opened, now + 6 * gap), "the burst is over");
        long held = 0;
        while (hold.holds(opened, now)) {
            held = now - opened;
            now += gap;
            hold.onRecords(1, now);
        }
        assertTrue(held < MOST && held > Math.min(MOST, BatchHold.COMPANY * gap) / 2, "held for " + held);
    }

    @Test
    void aBurstAfterLongIdlenessIsSeenSoon() {
        BatchHold hold = new BatchHold(MOST);
        int records = 0;
        hold.onRecords(1, now);
        now += 1_000_000_000_000L;
        while (!hold.holds(now, now)) {
            now += 100;
            hold.onRecords(1, now);
            records++;
        }
        assertTrue(records < 30, records + " records");
    }

    @Test
    void withABoundOfZeroNothingIsHeld() {
        BatchHold hold = new BatchHold(0);
        for (int i = 0; i < 100; i++) {
            hold.onRecords(32, now += 10);
            assertEquals(false, hold.holds(now, now));
        }
    }
}
