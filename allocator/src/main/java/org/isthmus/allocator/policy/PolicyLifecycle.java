package org.isthmus.allocator.policy;

/**
 * When to learn and when to leave well alone.
 *
 * <pre>
 *   LEARNING --the 99th percentile of cost moved by less than 1 % in three windows after 180 s--> FROZEN
 *   FROZEN   --it is 20 % above that of the freeze in three windows running,
 *              or the mix of sizes moved by more than a quarter--> LEARNING
 * </pre>
 *
 * Deterministic, time comes as an argument. One thread.
 */
public final class PolicyLifecycle {
    public static final long LEARN_NANOS = 180_000_000_000L;
    public static final double SETTLED = 0.01;
    public static final double WORSE = 0.20;
    public static final double MOVED = 0.25;

    private static final double PERCENTILE = 0.99;
    private static final int WINDOWS = 3;

    private State state = State.LEARNING;
    private long since;
    private P2Quantile p99 = new P2Quantile(PERCENTILE);
    private double last = Double.NaN;
    private int windows;
    private double frozenP99;
    private SizeHistogram frozenSizes = new SizeHistogram();

    /** Leaves by: see the class. */
    public enum State {
        /** Limits may change after every window. */
        LEARNING,
        /** Limits stay. */
        FROZEN
    }

    public PolicyLifecycle(long nowNanos) {
        since = nowNanos;
    }

    public State state() {
        return state;
    }

    /**
     * Takes one window in.
     *
     * @param costPerBlock NaN if nothing happened
     * @param sizes mix of sizes since learning began
     */
    public State next(double costPerBlock, SizeHistogram sizes, long nowNanos) {
        if (Double.isNaN(costPerBlock)) {
            return state;
        }
        if (state == State.LEARNING) {
            learning(costPerBlock, sizes, nowNanos);
        } else {
            windows = costPerBlock > frozenP99 * (1 + WORSE) ? windows + 1 : 0;
            if (windows >= WINDOWS || frozenSizes.distance(sizes) > MOVED) {
                enter(State.LEARNING, nowNanos);
                p99 = new P2Quantile(PERCENTILE);
                last = Double.NaN;
            }
        }
        return state;
    }

    private void learning(double costPerBlock, SizeHistogram sizes, long now) {
        p99.add(costPerBlock);
        double value = p99.value();
        windows = Math.abs(value - last) <= SETTLED * last ? windows + 1 : 0;
        last = value;
        if (windows >= WINDOWS && now - since >= LEARN_NANOS) {
            frozenP99 = value;
            frozenSizes = sizes.copy();
            enter(State.FROZEN, now);
        }
    }

    private void enter(State next, long now) {
        state = next;
        since = now;
        windows = 0;
    }
}
