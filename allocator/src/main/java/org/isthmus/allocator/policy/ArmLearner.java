package org.isthmus.allocator.policy;

/**
 * One setting with a few possible values ("arms"), chosen by {@link Ucb1} and tried on a canary first. The canary heaps
 * run with the arm for a dwell time; if they came off at least {@link #GAIN} cheaper for each block than the others did
 * in the same windows, all heaps adopt it; if the 99th percentile of their windows was {@link #WORSE} above that of the
 * others, or there was no gain, the arm is rolled back. After a change nothing is tried for a cool-down.
 *
 * <pre>
 *   RESTING --cool-down over, UCB1 names another arm--> CANARY --gain--> RESTING with the new arm
 *                                                          +--no gain, or p99 worse--> RESTING with the old one
 * </pre>
 *
 * Deterministic, time comes as an argument. One thread.
 */
public final class ArmLearner {
    /** Part of the cost that an arm has to save. */
    public static final double GAIN = 0.05;

    /** Growth of the 99th percentile that ends a trial. */
    public static final double WORSE = 0.20;

    /** Reward of an arm that is as good as the one in force. */
    private static final double NEUTRAL = 0.5;
    private static final double PERCENTILE = 0.99;
    private static final int MIN_WINDOWS = 3;

    private final double[] arms;
    private final long dwellNanos;
    private final long coolDownNanos;
    private final Ucb1 choice;
    private int adopted;
    private int trial = -1;
    private long trialEnds;
    private long restsUntil = Long.MIN_VALUE;
    private Costs canary = new Costs();
    private Costs others = new Costs();

    /**
     * @param arms possible values
     * @param adopted index of the value in force
     */
    public ArmLearner(double[] arms, int adopted, long dwellNanos, long coolDownNanos) {
        if (adopted < 0 || adopted >= arms.length) {
            throw new IllegalArgumentException("the value in force must be one of "
                    + arms.length + " arms, got " + adopted);
        }
        this.arms = arms.clone();
        this.adopted = adopted;
        this.dwellNanos = dwellNanos;
        this.coolDownNanos = coolDownNanos;
        this.choice = new Ucb1(arms.length);
    }

    /** The value of all heaps but the canaries. */
    public double adopted() {
        return arms[adopted];
    }

    /** The value of the canaries. */
    public double onTrial() {
        return arms[trial < 0 ? adopted : trial];
    }

    public boolean isTrying() {
        return trial >= 0;
    }

    /**
     * Takes one window of both groups in; NaN stands for a group that did nothing.
     *
     * @return whether {@link #adopted} or {@link #onTrial} changed
     */
    public boolean learn(double canaryCostPerBlock, double otherCostPerBlock, long nowNanos) {
        if (trial < 0) {
            return nowNanos >= restsUntil && begin(nowNanos);
        }
        canary.add(canaryCostPerBlock);
        others.add(otherCostPerBlock);
        if (canary.windows() >= MIN_WINDOWS && canary.p99() > others.p99() * (1 + WORSE)) {
            return end(false, nowNanos);
        }
        boolean heard = canary.windows() >= MIN_WINDOWS && others.windows() >= MIN_WINDOWS;
        if (nowNanos < trialEnds || !heard && nowNanos < trialEnds + dwellNanos) {
            return false;
        }
        return end(heard && canary.mean() <= others.mean() * (1 - GAIN), nowNanos);
    }

    private boolean begin(long now) {
        int arm = choice.next();
        if (arm == adopted) {
            choice.reward(arm, NEUTRAL);
            restsUntil = now + dwellNanos;
            return false;
        }
        trial = arm;
        trialEnds = now + dwellNanos;
        canary = new Costs();
        others = new Costs();
        return true;
    }

    private boolean end(boolean adopt, long now) {
        double gain = others.windows() == 0 || canary.windows() == 0 ? 0 : 1 - canary.mean() / others.mean();
        choice.reward(trial, NEUTRAL + gain);
        if (adopt) {
            adopted = trial;
        }
        trial = -1;
        restsUntil = now + coolDownNanos;
        return true;
    }

    /** Costs of one group during a trial. */
    private static final class Costs {
        private final P2Quantile p99 = new P2Quantile(PERCENTILE);
        private double sum;

        void add(double cost) {
            if (!Double.isNaN(cost)) {
                p99.add(cost);
                sum += cost;
            }
        }

        long windows() {
            return p99.count();
        }

        double mean() {
            return sum / p99.count();
        }

        double p99() {
            return p99.value();
        }
    }
}
