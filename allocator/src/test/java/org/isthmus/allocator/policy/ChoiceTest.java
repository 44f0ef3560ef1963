package org.isthmus.allocator.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The two ways of choosing among settings, against settings whose worth the test knows. */
class ChoiceTest {
    @Test
    void ucb1TriesEveryArmAndThenPrefersTheBest() {
        Random noise = new Random(3);
        Ucb1 choice = new Ucb1(4);
        double[] worth = {0.3, 0.5, 0.9, 0.4};
        for (int i = 0; i < 2000; i++) {
            int arm = choice.next();
            choice.reward(arm, worth[arm] + 0.1 * noise.nextGaussian());
        }
        for (int arm = 0; arm < 4; arm++) {
            assertTrue(choice.plays(arm) >= 1);
            assertTrue(arm == 2 || choice.plays(arm) < choice.plays(2) / 2, "arm " + arm + ": " + choice.plays(arm));
        }
        assertEquals(0.9, choice.mean(2), 0.05);
    }

    @Test
    void eloFindsTheCheapestOfTwelveAndDropsTheWeakest() {
        EloSelection selection = new EloSelection(12, 11);
        Random noise = new Random(5);
        int games = 0;
        while (!selection.isSettled()) {
            int first = selection.next();
            int second = (first + 1 + noise.nextInt(11)) % 12;
            selection.game(first, cost(first, noise), second, cost(second, noise));
            assertTrue(++games < 10_000);
        }
        assertEquals(6, selection.survivors().length);
        assertEquals(4, selection.survivors()[0]);
        int best = 0;
        for (int i = 0; i < 1000; i++) {
            best += selection.next() == 4 ? 1 : 0;
        }
        assertTrue(best > 850 && best < 1000, "chosen " + best + " times");
    }

    private static double cost(int strategy, Random noise) {
        return 10 + Math.abs(strategy - 4) + 0.5 * noise.nextGaussian();
    }

    @Test
    void eloIsTheSameForTheSameSeed() {
        EloSelection a = new EloSelection(5, 42);
        EloSelection b = new EloSelection(5, 42);
        for (int i = 0; i < 500; i++) {
            int next = a.next();
            assertEquals(next, b.next());
            a.game(next, i % 7, (next + 1) % 5, i % 3);
            b.game(next, i % 7, (next + 1) % 5, i % 3);
        }
        assertEquals(5 * EloSelection.START, a.rating(0) + a.rating(1) + a.rating(2) + a.rating(3) + a.rating(4), 1e-6);
    }

    @Test
    void aChoiceNeedsSomethingToChooseFrom() {
        assertThrows(IllegalArgumentException.class, () -> new Ucb1(0));
        assertThrows(IllegalArgumentException.class, () -> new EloSelection(1, 0));
    }

    private static final long DWELL = 100;
    private static final long COOL_DOWN = 1000;

    /** Runs the learner in windows of 10 ns for a time; the cost of an arm is {@code costs[arm value]}. */
    private static ArmLearner run(double[] costs, int windows) {
        ArmLearner learner = new ArmLearner(new double[] {0, 1, 2}, 0, DWELL, COOL_DOWN);
        for (int i = 0; i < windows; i++) {
            learner.learn(costs[(int) learner.onTrial()], costs[(int) learner.adopted()], i * 10L);
        }
        return learner;
    }

    @Test
    void anArmThatIsCheaperOnTheCanariesIsAdoptedByAll() {
        assertEquals(2, run(new double[] {10, 11, 7}, 2000).adopted());
    }

    @Test
    void anArmThatGainsTooLittleIsRolledBack() {
        assertEquals(0, run(new double[] {10, 9.7, 9.6}, 2000).adopted());
    }

    @Test
    void aTrialEndsEarlyWhenTheCanariesSuffer() {
        ArmLearner learner = new ArmLearner(new double[] {0, 1}, 0, DWELL, COOL_DOWN);
        long now = 0;
        while (!learner.isTrying()) {
            learner.learn(10, 10, now += 10);
        }
        long began = now;
        while (learner.isTrying()) {
            learner.learn(20, 10, now += 10);
        }
        assertTrue(now - began < DWELL, "ended after " + (now - began));
        assertEquals(0, learner.adopted());
        for (long end = now + COOL_DOWN - 10; now < end; ) {
            assertFalse(learner.learn(10, 10, now += 10), "nothing is tried during the cool-down");
        }
    }

    @Test
    void silentCanariesProveNothing() {
        ArmLearner learner = new ArmLearner(new double[] {0, 1}, 0, DWELL, COOL_DOWN);
        for (int i = 0; i < 5000; i++) {
            learner.learn(Double.NaN, 10, i * 10L);
        }
        assertEquals(0, learner.adopted());
    }
}
