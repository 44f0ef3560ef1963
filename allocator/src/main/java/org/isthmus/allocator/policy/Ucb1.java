package org.isthmus.allocator.policy;

/**
 * Choice among a few settings by upper confidence bounds: each is tried once, then the one with the largest
 * {@code mean + c sqrt(ln N / n)}. Source: P. Auer, N. Cesa-Bianchi, P. Fischer, "Finite-time analysis of the
 * multiarmed bandit problem", Machine Learning 47, 2002; with c = 1.5. Deterministic. One thread.
 */
public final class Ucb1 {
    private static final double EXPLORATION = 1.5;

    private final double[] sum;
    private final long[] plays;
    private long total;

    /** @param arms at least one */
    public Ucb1(int arms) {
        if (arms < 1) {
            throw new IllegalArgumentException("a choice needs at least one arm, got " + arms);
        }
        sum = new double[arms];
        plays = new long[arms];
    }

    /** The arm to try next; the lowest among equals. */
    public int next() {
        int best = 0;
        double bestBound = Double.NEGATIVE_INFINITY;
        for (int arm = 0; arm < plays.length; arm++) {
            double bound = plays[arm] == 0 ? Double.POSITIVE_INFINITY
                    : mean(arm) + EXPLORATION * Math.sqrt(Math.log(total) / plays[arm]);
            if (bound > bestBound) {
                bestBound = bound;
                best = arm;
            }
        }
        return best;
    }

    /** Notes what an arm earned, 0 (worst) to 1 (best). */
    public void reward(int arm, double value) {
        sum[arm] += Math.clamp(value, 0.0, 1.0);
        plays[arm]++;
        total++;
    }

    /** Mean reward of an arm; 0 if it was never tried. */
    public double mean(int arm) {
        return plays[arm] == 0 ? 0 : sum[arm] / plays[arm];
    }

    public long plays(int arm) {
        return plays[arm];
    }
}
