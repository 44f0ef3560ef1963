package org.isthmus.allocator.policy;

import java.util.List;

/**
 * What the heaps did in one window: differences of two looks at their counters, summed over the heaps; arrays by size
 * class.
 *
 * @param misses times that a stack was empty: refills and collects
 * @param blocks blocks that refills and collects put on the stacks
 * @param spilled blocks that did not fit on a stack
 * @param slabs slabs opened: each is a slab's worth of first touches
 * @param exhausted requests that found no room
 * @param flushes batches of remote frees
 * @param ownedBytes bytes of slabs that the heaps own now (no difference)
 */
public record CounterWindow(long[] misses, long[] blocks, long[] spilled, long[] slabs, long exhausted, long flushes,
        long ownedBytes) {
    private static final double MISS_COST = 40;
    private static final double BLOCK_COST = 2;
    private static final double SPILL_COST = 4;
    private static final double SLAB_COST = 16_000;
    private static final double EXHAUSTED_COST = 10_000;
    private static final double FLUSH_COST = 15;
    private static final double OWNED_COST_PER_BYTE = 1.0 / 4096;

    /** The counters so far, of all heaps together. */
    public static CounterWindow total(List<HeapCounters> heaps, int classes) {
        CounterWindow sum = new CounterWindow(new long[classes], new long[classes],
                new long[classes], new long[classes], heaps.stream().mapToLong(h -> h.exhausted).sum(),
                heaps.stream().mapToLong(h -> h.flushes).sum(), heaps.stream().mapToLong(h -> h.ownedBytes).sum());
        for (HeapCounters heap : heaps) {
            for (int i = 0; i < classes; i++) {
                sum.misses[i] += heap.refills[i] + heap.collects[i];
                sum.blocks[i] += heap.refilledBlocks[i] + heap.collectedBlocks[i];
                sum.spilled[i] += heap.spilledBlocks[i];
                sum.slabs[i] += heap.slabsOpened[i];
            }
        }
        return sum;
    }

    /** What happened since {@code earlier}. */
    public CounterWindow since(CounterWindow earlier) {
        return new CounterWindow(minus(misses, earlier.misses), minus(blocks, earlier.blocks),
                minus(spilled, earlier.spilled), minus(slabs, earlier.slabs), exhausted - earlier.exhausted,
                flushes - earlier.flushes, ownedBytes);
    }

    /**
     * A lower bound of a class's hit rate: of the blocks that slow paths put on its stacks, the part that was taken
     * without one. 1 when nothing missed; local frees that were taken again are not counted anywhere.
     */
    public double hitRate(int sizeClass) {
        return misses[sizeClass] == 0 ? 1
                : Math.max(0, 1 - (double) misses[sizeClass] / Math.max(1, blocks[sizeClass]));
    }

    /** Nanoseconds, about, that a class's slow paths took. */
    public double cost(int sizeClass) {
        return MISS_COST * misses[sizeClass] + BLOCK_COST * blocks[sizeClass] + SPILL_COST * spilled[sizeClass]
                + SLAB_COST * slabs[sizeClass];
    }

    /** The same for all classes and heaps, with a price for memory held. */
    public double cost() {
        double sum = EXHAUSTED_COST * exhausted + FLUSH_COST * flushes + OWNED_COST_PER_BYTE * ownedBytes;
        for (int i = 0; i < misses.length; i++) {
            sum += cost(i);
        }
        return sum;
    }

    /** Blocks that went through slow paths: the measure of work that costs are divided by. */
    public long work() {
        long sum = 0;
        for (int i = 0; i < blocks.length; i++) {
            sum += blocks[i] + spilled[i];
        }
        return sum;
    }

    /** Cost for each block; NaN when nothing happened. */
    public double costPerBlock() {
        return work() == 0 ? Double.NaN : cost() / work();
    }

    private static long[] minus(long[] a, long[] b) {
        long[] difference = new long[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return difference;
    }
}
