package org.isthmus.launch.simulate;

import java.util.SplittableRandom;

/**
 * What goes wrong in one run, all of it chosen by the seed.
 *
 * @param seed of the run
 * @param nodes of the job
 * @param ranks of each node
 * @param shards of each multiplexer
 * @param messages of each rank
 * @param loss chance of a packet, or of its acknowledgement, to be lost
 * @param duplicate chance of a packet to arrive twice
 * @param mostDelayNanos bound of the random delay of each packet, by which packets overtake each other
 * @param refusal chance of a try to be refused
 * @param mostPauseNanos bound of the pause of a rank before it sends its next message
 * @param mostPollNanos bound of the time until a rank looks for messages
 * @param ring whether ranks send to those of the next node alone, so that the others must be told of its death
 * @param holdNanos most time that a multiplexer holds a batch open
 * @param creditBytes most bytes from one node under way to one rank of another
 * @param dying node that is killed; -1: none
 * @param deathNanos when
 */
public record FaultPlan(long seed, int nodes, int ranks, int shards, int messages, double loss, double duplicate,
        int mostDelayNanos, double refusal, int mostPauseNanos, int mostPollNanos, boolean ring,
        long holdNanos, long creditBytes, int dying, long deathNanos) {
    private static final double[] CHANCES = {0, 0.02, 0.2, 0.5};
    private static final int[] DELAYS = {500, 5_000, 100_000};
    private static final int[] PAUSES = {200, 3_000, 200_000};

    private static final int[] HOLDS = {0, 10_000};
    private static final int[] CREDITS = {2048, 256 << 10};

    /** The plan of a seed. */
    public static FaultPlan of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int nodes = random.nextInt(2, 5);
        return new FaultPlan(seed, nodes, random.nextInt(1, 5), random.nextInt(1, 3), random.nextInt(5, 120),
                chance(random), chance(random), one(random, DELAYS), chance(random), one(random, PAUSES),
                one(random, PAUSES), random.nextInt(3) == 0, one(random, HOLDS), one(random, CREDITS),
                random.nextInt(3) == 0 ? random.nextInt(nodes) : -1, random.nextLong(1_000_000));
    }

    private static double chance(SplittableRandom random) {
        return CHANCES[random.nextInt(CHANCES.length)];
    }

    private static int one(SplittableRandom random, int[] values) {
        return values[random.nextInt(values.length)];
    }
}
