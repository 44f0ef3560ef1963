package org.isthmus.launch.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Seeds from {@code isthmus.test.seed} (1 if it is not given), {@code isthmus.test.seeds} of them (2,000). A failure
 * names its seed; {@code isthmus simulate faults --seeds 1 --seed S} repeats it.
 */
@Timeout(600)
class FaultSimulationTest {
    private static final long SEED = Long.getLong("isthmus.test.seed", 1);
    private static final long SEEDS = Long.getLong("isthmus.test.seeds", 2000);

    @Test
    void everyMessageArrivesOnceInOrderAndNothingHangs() {
        long delivered = 0;
        long lost = 0;
        long overtaken = 0;
        long deaths = 0;
        for (long seed = SEED; seed < SEED + SEEDS; seed++) {
            FaultOutcome outcome = FaultSimulation.run(FaultPlan.of(seed));
            delivered += outcome.delivered();
            lost += outcome.lost();
            overtaken += outcome.overtaken();
            deaths += outcome.told() > 0 ? 1 : 0;
        }
        if (SEEDS >= 100) {
            assertTrue(delivered > 50 * SEEDS && lost > SEEDS && overtaken > SEEDS && deaths > SEEDS / 10,
                    "the faults did not happen: " + delivered + " messages, " + lost + " lost, "
                    + overtaken + " overtaken, " + deaths + " deaths");
        }
    }

    @Test
    void aSeedRepeatsItsRun() {
        for (long seed = SEED; seed < SEED + 10; seed++) {
            assertEquals(FaultSimulation.run(FaultPlan.of(seed)), FaultSimulation.run(FaultPlan.of(seed)));
        }
    }

    @Test
    void everyWayToLosePacketsStillDeliversThemAll() {
        FaultPlan worst = new FaultPlan(99, 4, 4, 2, 50, 0.5, 0.5, 100_000, 0.5, 200_000, 200_000, false, 10_000,
                2048, -1, 0);
        FaultOutcome outcome = FaultSimulation.run(worst);
        assertEquals(4 * 4 * 50, outcome.delivered());
        assertTrue(outcome.lost() > 0 && outcome.overtaken() > 0, outcome.toString());
    }

    @Test
    void allSurvivorsHearOfADeath() {
        FaultPlan plan = new FaultPlan(5, 4, 2, 1, 50, 0, 0, 500, 0, 3_000, 200, true, 0, 1 << 18, 2,
                40_000);
        assertEquals(3, FaultSimulation.run(plan).told());
    }

    @Test
    void aFailureNamesItsSeed() {
        FaultPlan unreachable = new FaultPlan(4711, 3, 2, 1, 10, 1.0, 0, 500, 0, 200, 200, false, 0, 1 << 18, -1, 0);
        InvariantException failure = assertThrows(InvariantException.class, () -> FaultSimulation.run(unreachable));
        assertTrue(failure.getMessage().startsWith("seed 4711: "), failure.getMessage());
    }
}
