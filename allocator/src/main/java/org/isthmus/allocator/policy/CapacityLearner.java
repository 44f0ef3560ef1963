package org.isthmus.allocator.policy;

/**
 * Stack capacities by additive increase and multiplicative decrease. Each class whose hit rate
 * ({@link CounterWindow#hitRate}) is below its target by more than {@link #BAND} in two windows running gets one more
 * refill batch of room; one that was idle for a window gets half. What grew and did not make its class at least
 * {@link #GAIN} cheaper for each block over three windows is taken back, and the class is left alone for 180 seconds. A
 * class is changed every 3 seconds at most. All stacks together stay within a byte budget ({@link WaterFilling}).
 *
 * <p>Refill batches grow and shrink with their stacks. Deterministic, time comes as an argument. One thread.
 */
public final class CapacityLearner {
    /** Target hit rate of classes up to 64 KiB, and of larger ones. */
    public static final double TARGET = 0.65;

    public static final double TARGET_LARGE = 0.55;
    public static final double BAND = 0.05;
    public static final double GAIN = 0.05;
    public static final long DWELL_NANOS = 3_000_000_000L;
    public static final long COOL_DOWN_NANOS = 180_000_000_000L;

    private static final int LARGE_ABOVE = 64 << 10;
    private static final int MISSES_BEFORE_GROWTH = 2;
    private static final int TRIAL_WINDOWS = 3;

    private final int[] blockBytes;
    private final LimitBounds bounds;
    private final long budget;
    private final Stack[] stacks;

    /** @param budget most bytes of free blocks on all stacks of one heap; floors are kept even beyond it */
    public CapacityLearner(int[] blockBytes, LimitBounds bounds, long budget) {
        this.blockBytes = blockBytes.clone();
        this.bounds = bounds;
        this.budget = budget;
        this.stacks = new Stack[blockBytes.length];
        for (int i = 0; i < stacks.length; i++) {
            stacks[i] = new Stack();
        }
    }

    /** The limits to use after this window; {@code limits} itself if nothing changes. */
    public HeapLimits learn(CounterWindow window, HeapLimits limits, long nowNanos) {
        int[] capacity = limits.stackCapacity().clone();
        for (int i = 0; i < capacity.length; i++) {
            int batch = limits.refillBatch()[i];
            double target = blockBytes[i] > LARGE_ABOVE ? TARGET_LARGE : TARGET;
            capacity[i] = Math.clamp(stacks[i].learn(window, i, capacity[i], batch, target, nowNanos),
                    bounds.minCapacity(i), bounds.maxCapacity(i));
        }
        capacity = WaterFilling.divide(capacity, floors(), window.blocks(), blockBytes, budget);
        int[] batch = new int[capacity.length];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = (int) Math.max(1, (long) bounds.defaults().refillBatch()[i] * capacity[i]
                    / bounds.defaults().stackCapacity()[i]);
        }
        HeapLimits next = bounds.clamp(limits.withStacks(capacity, batch));
        return next.sameAs(limits) ? limits : next;
    }

    private int[] floors() {
        int[] floors = new int[blockBytes.length];
        for (int i = 0; i < floors.length; i++) {
            floors[i] = bounds.minCapacity(i);
        }
        return floors;
    }

    /** What is remembered of one class. */
    private static final class Stack {
        private int missedWindows;
        private long changed = Long.MIN_VALUE;
        private long leftAloneUntil = Long.MIN_VALUE;
        private int beforeGrowth;
        private double costBeforeGrowth;
        private int trialWindows;
        private double trialCost;
        private long trialBlocks;

        int learn(CounterWindow window, int i, int capacity, int batch, double target, long now) {
            long blocks = window.blocks()[i] + window.spilled()[i];
            missedWindows = window.hitRate(i) < target - BAND ? missedWindows + 1 : 0;
            if (trialWindows > 0) {
                return judge(window.cost(i), blocks, capacity, now);
            }
            if (now < leftAloneUntil || changed != Long.MIN_VALUE && now - changed < DWELL_NANOS) {
                return capacity;
            }
            if (missedWindows >= MISSES_BEFORE_GROWTH) {
                beforeGrowth = capacity;
                costBeforeGrowth = window.cost(i) / Math.max(1, blocks);
                trialWindows = TRIAL_WINDOWS;
                trialCost = 0;
                trialBlocks = 0;
                changed = now;
                return capacity + batch;
            }
            if (blocks == 0 && window.misses()[i] == 0) {
                changed = now;
                return capacity / 2;
            }
            return capacity;
        }

        /** Growth has to pay within three windows. */
        private int judge(double cost, long blocks, int capacity, long now) {
            trialCost += cost;
            trialBlocks += blocks;
            if (--trialWindows > 0) {
                return capacity;
            }
            missedWindows = 0;
            if (trialCost / Math.max(1, trialBlocks) <= costBeforeGrowth * (1 - GAIN)) {
                return capacity;
            }
            leftAloneUntil = now + COOL_DOWN_NANOS;
            return beforeGrowth;
        }
    }
}
