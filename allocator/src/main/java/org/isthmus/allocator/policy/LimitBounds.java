package org.isthmus.allocator.policy;

/**
 * How far limits may go from the defaults: a quarter to four times, at least one block; what is not numeric by nature
 * (bytes cleared) stays as configured. Whatever comes from a learner, a file or shared memory passes {@link #clamp}.
 * Immutable: any thread.
 */
public final class LimitBounds {
    private static final int FACTOR = 4;

    private final HeapLimits defaults;

    /** @param defaults what the bounds are a quarter and four times of */
    public LimitBounds(HeapLimits defaults) {
        this.defaults = defaults;
    }

    public HeapLimits defaults() {
        return defaults;
    }

    /** Number of size classes. */
    public int classes() {
        return defaults.stackCapacity().length;
    }

    public int minCapacity(int sizeClass) {
        return floor(defaults.stackCapacity()[sizeClass]);
    }

    public int maxCapacity(int sizeClass) {
        return defaults.stackCapacity()[sizeClass] * FACTOR;
    }

    /**
     * The nearest limits within the bounds; a batch never exceeds its stack.
     *
     * @throws IllegalArgumentException when the number of size classes differs
     */
    public HeapLimits clamp(HeapLimits limits) {
        int classes = classes();
        if (limits.stackCapacity().length != classes || limits.refillBatch().length != classes) {
            throw new IllegalArgumentException("limits for " + limits.stackCapacity().length + " stacks and "
                    + limits.refillBatch().length + " batches; this heap has " + classes
                    + " size classes: use limits of the same version of Isthmus");
        }
        int[] capacity = new int[classes];
        int[] batch = new int[classes];
        for (int i = 0; i < classes; i++) {
            capacity[i] = clamp(limits.stackCapacity()[i], defaults.stackCapacity()[i]);
            batch[i] = Math.min(capacity[i], clamp(limits.refillBatch()[i], defaults.refillBatch()[i]));
        }
        double waste = limits.maxWaste() >= 1 ? Math.min(limits.maxWaste(), FACTOR * defaults.maxWaste()) : 1;
        return new HeapLimits(limits.generation(), capacity, batch, clamp(limits.flushBatch(), defaults.flushBatch()),
                clamp(limits.retainedEmptySlabs(), defaults.retainedEmptySlabs()), waste, defaults.zeroBytes(),
                clamp(limits.hugePageBytes(), defaults.hugePageBytes()),
                clamp(limits.releaseBatchBytes(), defaults.releaseBatchBytes()));
    }

    private static int floor(int value) {
        return Math.max(1, value / FACTOR);
    }

    private static int clamp(int value, int standard) {
        return (int) Math.clamp((long) value, floor(standard), Math.min((long) standard * FACTOR, Integer.MAX_VALUE));
    }

    private static long clamp(long value, long standard) {
        return Math.clamp(value, Math.max(1, standard / FACTOR),
                standard > Long.MAX_VALUE / FACTOR ? Long.MAX_VALUE : standard * FACTOR);
    }
}
