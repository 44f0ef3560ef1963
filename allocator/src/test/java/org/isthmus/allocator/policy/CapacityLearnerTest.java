package org.isthmus.allocator.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CapacityLearnerTest {
    private static final int[] BLOCK_BYTES = {1024, 4096};
    private static final long SECOND = 1_000_000_000L;
    private static final long PLENTY = 1L << 30;

    private final LimitBounds bounds = new LimitBounds(HeapLimits.defaults(BLOCK_BYTES));
    private long now;

    /** A window in which class 0 missed that often for 1000 blocks, and class 1 was busy without a miss. */
    private static CounterWindow window(long misses) {
        return window(misses, 1000);
    }

    private static CounterWindow window(long misses, long blocks) {
        return new CounterWindow(new long[] {misses, 1}, new long[] {blocks, 1000}, new long[2], new long[2], 0, 0, 0);
    }

    private HeapLimits learn(CapacityLearner learner, CounterWindow window, HeapLimits limits) {
        now += SECOND;
        return learner.learn(window, limits, now);
    }

    @Test
    void twoWindowsBelowTheTargetAddOneBatchAndOneDoesNot() {
        CapacityLearner learner = new CapacityLearner(BLOCK_BYTES, bounds, PLENTY);
        HeapLimits start = bounds.defaults();
        assertSame(start, learn(learner, window(500), start));
        assertSame(start, learn(learner, window(100), start));
        assertSame(start, learn(learner, window(500), start));
        HeapLimits grown = learn(learner, window(500), start);
        assertArrayEquals(new int[] {1024 + 64, 256}, grown.stackCapacity());
        assertArrayEquals(new int[] {68, 16}, grown.refillBatch());
    }

    @Test
    void withinTheBandNothingChanges() {
        CapacityLearner learner = new CapacityLearner(BLOCK_BYTES, bounds, PLENTY);
        HeapLimits limits = bounds.defaults();
        for (int i = 0; i < 50; i++) {
            assertSame(limits, learn(learner, window(390), limits));
        }
    }

    @Test
    void growthThatDoesNotPayIsTakenBackAndLeftAlone() {
        CapacityLearner learner = new CapacityLearner(BLOCK_BYTES, bounds, PLENTY);
        HeapLimits limits = bounds.defaults();
        limits = learn(learner, window(500), limits);
        limits = learn(learner, window(500), limits);
        assertEquals(1088, limits.stackCapacity()[0]);
        for (int i = 0; i < 3; i++) {
            assertEquals(1088, limits.stackCapacity()[0]);
            limits = learn(learner, window(500), limits);
        }
        assertEquals(1024, limits.stackCapacity()[0]);
        for (int i = 0; i < 179; i++) {
            limits = learn(learner, window(500), limits);
            assertEquals(1024, limits.stackCapacity()[0], "second " + i);
        }
        limits = learn(learner, window(500), limits);
        assertEquals(1088, limits.stackCapacity()[0]);
    }

    @Test
    void growthThatPaysStaysAndGoesOn() {
        CapacityLearner learner = new CapacityLearner(BLOCK_BYTES, bounds, PLENTY);
        HeapLimits limits = bounds.defaults();
        for (int i = 0; i < 60; i++) {
            limits = learn(learner, window(1024 * 500L / limits.stackCapacity()[0]), limits);
        }
        assertTrue(limits.stackCapacity()[0] >= 1088 && 1024 * 500 / limits.stackCapacity()[0] <= 400,
                "" + limits.stackCapacity()[0]);
    }

    @Test
    void anIdleClassIsHalvedEveryThreeSecondsDownToItsFloor() {
        CapacityLearner learner = new CapacityLearner(BLOCK_BYTES, bounds, PLENTY);
        HeapLimits limits = learn(learner, window(0, 0), bounds.defaults());
        assertEquals(512, limits.stackCapacity()[0]);
        assertEquals(512, learn(learner, window(0, 0), limits).stackCapacity()[0]);
        for (int i = 0; i < 20; i++) {
            limits = learn(learner, window(0, 0), limits);
        }
        assertEquals(256, limits.stackCapacity()[0]);
        assertEquals(256, limits.stackCapacity()[1]);
    }

    @Test
    void allStacksStayWithinTheBudgetAndDemandDecidesWhoIsCut() {
        long budget = 1200 << 10;
        CapacityLearner learner = new CapacityLearner(BLOCK_BYTES, bounds, budget);
        CounterWindow busy =
                new CounterWindow(new long[] {10, 10}, new long[] {9000, 100}, new long[2], new long[2], 0, 0, 0);
        HeapLimits limits = learn(learner, busy, bounds.defaults());
        assertTrue(WaterFilling.bytes(limits.stackCapacity(), BLOCK_BYTES) <= budget);
        assertTrue(limits.stackCapacity()[0] > 800, "in demand: " + limits.stackCapacity()[0]);
        assertEquals(64, limits.stackCapacity()[1], "little demand: down to the floor");
    }

    @Test
    void waterFillingKeepsFloorsWantsAndBudgetForEverySeed() {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            int n = 1 + random.nextInt(64);
            int[] wanted = new int[n];
            int[] floor = new int[n];
            int[] bytes = new int[n];
            long[] demand = new long[n];
            for (int i = 0; i < n; i++) {
                wanted[i] = 1 + random.nextInt(1000);
                floor[i] = 1 + random.nextInt(wanted[i]);
                bytes[i] = 64 * (1 + random.nextInt(1000));
                demand[i] = random.nextInt(4) == 0 ? 0 : random.nextInt(100_000);
            }
            long floors = WaterFilling.bytes(floor, bytes);
            long budget = floors + (long) (random.nextDouble() * 1.2 * (WaterFilling.bytes(wanted, bytes) - floors));
            int[] given = WaterFilling.divide(wanted, floor, demand, bytes, budget);
            for (int i = 0; i < n; i++) {
                assertTrue(given[i] >= floor[i] && given[i] <= wanted[i], "seed " + seed + " class " + i);
            }
            assertTrue(WaterFilling.bytes(given, bytes) <= budget, "seed " + seed);
            if (budget < WaterFilling.bytes(wanted, bytes)) {
                assertTrue(WaterFilling.bytes(given, bytes) >= budget
                        - Arrays.stream(bytes).asLongStream().sum(), "seed " + seed + " leaves much unused");
            }
        }
    }

    @Test
    void hitRateIsALowerBoundFromSlowPathsAlone() {
        CounterWindow window =
                new CounterWindow(new long[] {10, 0, 5}, new long[] {100, 0, 0}, new long[3], new long[3], 0, 0, 0);
        assertEquals(0.9, window.hitRate(0), 1e-12);
        assertEquals(1, window.hitRate(1));
        assertEquals(0, window.hitRate(2));
    }
}
