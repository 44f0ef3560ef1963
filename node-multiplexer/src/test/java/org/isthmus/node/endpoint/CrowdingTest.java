package org.isthmus.node.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CrowdingTest {
    private static final long NOBODY = 400;
    private static final long SOMEBODY = 5_000;
    /** Of the others on a core that more ranks share. */
    private static final long LONG_TURNS = 500_000;
    private static final long SLICE = 3_000_000;

    /** Its compilers are done. */
    private final Crowding crowding = new Crowding(true, 0);

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
        assertEquals(0, sleeps(), "a single one in many");
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
        Crowding fewRanks = new Crowding(false, 1);
        int first = sleepsAfterLosingSlices(fewRanks);
        waitAmongWaiters(fewRanks);
        assertEquals(0, sleepsAfterLosingSlices(fewRanks), "a single one in many");
        assertEquals(first, sleepsAfterLosingSlices(fewRanks));
        fewRanks.onYield(SOMEBODY);
        assertTrue(sleepsAfterLosingSlices(fewRanks) > first, "a single one does not end the row");
        sleepsAfterLosingSlices(crowding);
        waitAmongWaiters(crowding);
        assertEquals(0, sleepsAfterLosingSlices(crowding));
        assertEquals(first, sleepsAfterLosingSlices(crowding));
    }

    @Test
    void withMoreRanksThanCoresTheTurnsOfTheOthersAreNoTimeSlice() {
        for (int i = 0; i < 10; i++) {
            crowding.onYield(LONG_TURNS);
        }
        assertEquals(0, sleeps());
        Crowding fewRanks = new Crowding(false, 0);
        for (int i = 0; i < 10; i++) {
            fewRanks.onYield(LONG_TURNS);
        }
        assertTrue(fewRanks.sleepsAtOnce());
    }

    @Test
    void withMoreRanksThanCoresRowsOfSleepsStayShort() {
        Crowding fewRanks = new Crowding(false, 1);
        int most = 0;
        int mostOfFew = 0;
        for (int i = 0; i < 20; i++) {
            most = Math.max(most, sleepsAfterLosingSlices(crowding));
            mostOfFew = Math.max(mostOfFew, sleepsAfterLosingSlices(fewRanks));
        }
        assertTrue(4 * most < mostOfFew, most + " and " + mostOfFew);
    }

    @Test
    void manyQuickYieldsTellThatTheOthersWaitToo() {
        Crowding fewRanks = new Crowding(false, 1);
        assertFalse(fewRanks.isAmongWaiters());
        waitAmongWaiters(fewRanks);
        assertTrue(fewRanks.isAmongWaiters());
        fewRanks.onYield(SLICE);
        assertFalse(fewRanks.isAmongWaiters(), "a compiler's slice counts here as well");
        waitAmongWaiters(crowding);
        assertTrue(crowding.isAmongWaiters());
        crowding.onYield(LONG_TURNS);
        assertTrue(crowding.isAmongWaiters());
        crowding.onYield(SLICE);
        assertFalse(crowding.isAmongWaiters());
    }

    @Test
    void withMoreRanksThanCoresNobodySleepsForCompilers() {
        Crowding young = new Crowding(true, 100);
        young.onYield(100 * SLICE);
        assertFalse(young.sleepsAtOnce());
        assertTrue(young.isShared());
    }

    @Test
    void whileCompilersWorkOnlySeveralSlicesCount() {
        Crowding young = new Crowding(false, 1);
        young.onYield(SLICE);
        assertFalse(young.sleepsAtOnce());
        assertTrue(young.isShared());
        young.onYield(3 * SLICE);
        assertTrue(young.sleepsAtOnce());
    }
}
