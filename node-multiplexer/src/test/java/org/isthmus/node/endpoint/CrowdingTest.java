package org.isthmus.node.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CrowdingTest {
    private static final long NOBODY = 400;
    private static final long SOMEBODY = 5_000;
    private static final long SLICE = 3_000_000;

    private final Crowding crowding = new Crowding(true);

    private int sleeps() {
        int sleeps = 0;
        while (crowding.sleepsAtOnce()) {
            sleeps++;
        }
        return sleeps;
    }

    @Test
    void aCoreOfOnesOwnIsFree() {
        crowding.onYield(NOBODY);
        assertFalse(crowding.isShared());
        assertEquals(0, sleeps());
    }

    @Test
    void aSharedCoreIsFreeAgainAfterARowOfShortYields() {
        crowding.onYield(SOMEBODY);
        assertTrue(crowding.isShared());
        assertEquals(0, sleeps());
        crowding.onYield(NOBODY);
        assertTrue(crowding.isShared());
        for (int i = 0; i < 100; i++) {
            crowding.onYield(NOBODY);
        }
        assertFalse(crowding.isShared());
    }

    @Test
    void whoeverLosesSlicesInARowSleepsMoreAndMoreOftenUpToALimit() {
        int before = 0;
        for (int i = 0; i < 4; i++) {
            crowding.onYield(SLICE);
            int now = sleeps();
            assertTrue(now > before, now + " after " + before);
            before = now;
        }
        for (int i = 0; i < 20; i++) {
            crowding.onYield(SLICE);
            before = sleeps();
        }
        crowding.onYield(SLICE);
        assertEquals(before, sleeps());
    }

    @Test
    void calmMakesItBeginAnew() {
        crowding.onYield(SLICE);
        int first = sleeps();
        crowding.onYield(SLICE);
        assertTrue(sleeps() > first);
        for (int i = 0; i < 100; i++) {
            crowding.onYield(NOBODY);
        }
        crowding.onYield(SLICE);
        assertEquals(first, sleeps());
    }

    private static int sleepsAfterLosingSlices(Crowding crowding) {
        crowding.onYield(3 * SLICE);
        int sleeps = 0;
        while (crowding.sleepsAtOnce()) {
            sleeps++;
        }
        return sleeps;
    }

    private static void waitAmongWaiters(Crowding crowding) {
        for (int i = 0; i < 5000; i++) {
            crowding.onYield(SOMEBODY);
        }
    }

    @Test
    void manyYieldsAmongThoseWhoWaitEndTheRow() {
        Crowding fewRanks = new Crowding(false);
        int first = sleepsAfterLosingSlices(fewRanks);
        waitAmongWaiters(fewRanks);
        assertEquals(first, sleepsAfterLosingSlices(fewRanks));
        fewRanks.onYield(SOMEBODY);
        assertTrue(sleepsAfterLosingSlices(fewRanks) > first, "a single one does not end the row");
        int before = sleepsAfterLosingSlices(crowding);
        waitAmongWaiters(crowding);
        assertTrue(sleepsAfterLosingSlices(crowding) > before, "with more ranks than cores the row goes on");
    }

    @Test
    void manyQuickYieldsTellThatTheOthersWaitToo() {
        Crowding fewRanks = new Crowding(false);
        assertFalse(fewRanks.isAmongWaiters());
        waitAmongWaiters(fewRanks);
        assertTrue(fewRanks.isAmongWaiters());
        fewRanks.onYield(SLICE);
        assertFalse(fewRanks.isAmongWaiters(), "a compiler's slice counts here as well");
        waitAmongWaiters(crowding);
        assertFalse(crowding.isAmongWaiters());
    }

    @Test
    void whileCompilersWorkOnlySeveralSlicesCount() {
        Crowding young = new Crowding(false);
        young.onYield(SLICE);
        assertFalse(young.sleepsAtOnce());
        assertTrue(young.isShared());
        young.onYield(3 * SLICE);
        assertTrue(young.sleepsAtOnce());
    }
}
