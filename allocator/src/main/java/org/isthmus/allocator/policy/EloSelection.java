package org.isthmus.allocator.policy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Choice among many strategies by pairwise wins: two that were measured play a game, ratings move by Elo's rule
 * (A. Elo, "The Rating of Chessplayers", 1978; K = 32, start 1500). One selection in ten is random, the others fall on
 * the best of those that survive: once every strategy has 50 games, the six best rated. Deterministic for a seed.
 * One thread.
 */
public final class EloSelection {
    public static final double START = 1500;

    private static final double K = 32;
    private static final double SCALE = 400;
    private static final double RANDOM_PART = 0.1;
    private static final int MIN_GAMES = 50;
    private static final int SURVIVORS = 6;

    private final double[] rating;
    private final long[] games;
    private final SplittableRandom random;

    public EloSelection(int strategies, long seed) {
        if (strategies < 2) {
            throw new IllegalArgumentException("a selection needs at least 2 strategies, got " + strategies);
        }
        rating = new double[strategies];
        Arrays.fill(rating, START);
        games = new long[strategies];
        random = new SplittableRandom(seed);
    }

    /** The strategy to use next. */
    public int next() {
        int[] candidates = survivors();
        if (random.nextDouble() < RANDOM_PART) {
            return candidates[random.nextInt(candidates.length)];
        }
        for (int strategy : candidates) {
            if (games[strategy] < MIN_GAMES) {
                return Arrays.stream(candidates).boxed().min(Comparator.comparingLong(c -> games[c])).orElseThrow();
            }
        }
        return candidates[0];
    }

    /** Notes one comparison: the lower cost wins, equal costs are a draw. */
    public void game(int first, double firstCost, int second, double secondCost) {
        double outcome = firstCost < secondCost ? 1 : firstCost > secondCost ? 0 : 0.5;
        double expected = 1 / (1 + Math.pow(10, (rating[second] - rating[first]) / SCALE));
        double change = K * (outcome - expected);
        rating[first] += change;
        rating[second] -= change;
        games[first]++;
        games[second]++;
    }

    public double rating(int strategy) {
        return rating[strategy];
    }

    /** Whether every strategy has played enough for the weaker ones to be dropped. */
    public boolean isSettled() {
        return Arrays.stream(games).allMatch(played -> played >= MIN_GAMES);
    }

    /** Strategies that may be selected, best first. */
    int[] survivors() {
        int[] best = IntStream.range(0, rating.length).boxed()
                .sorted(Comparator.comparingDouble(s -> -rating[s])).mapToInt(Integer::intValue).toArray();
        return isSettled() ? Arrays.copyOf(best, Math.min(SURVIVORS, best.length)) : best;
    }
}
