package org.isthmus.allocator.heap;

import java.util.Arrays;
import org.isthmus.allocator.policy.HeapCounters;
import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.slab.SizeClasses;

/** The private stacks of free blocks, one for each class; what exceeds a stack's capacity goes back to its slabs. */
final class FreeStacks {
    /** Ids of free blocks; the first {@link #tops} of each are valid. */
    final int[][] ids = new int[SizeClasses.COUNT][];
    final int[] tops = new int[SizeClasses.COUNT];
    private final OwnedSlabs slabs;
    private final HeapCounters counters;

    FreeStacks(OwnedSlabs slabs, HeapCounters counters, HeapLimits limits) {
        this.slabs = slabs;
        this.counters = counters;
        Arrays.setAll(ids, c -> new int[limits.stackCapacity()[c]]);
    }

    void push(int id, int c) {
        if (tops[c] == ids[c].length) {
            spill(c, tops[c] - tops[c] / 2);
        }
        ids[c][tops[c]++] = id;
    }

    /** Parks the {@code n} blocks of a stack that were freed first. */
    void spill(int c, int n) {
        int[] stack = ids[c];
        for (int i = 0; i < n; i++) {
            slabs.park(stack[i], c);
        }
        System.arraycopy(stack, n, stack, 0, tops[c] - n);
        tops[c] -= n;
        counters.spilledBlocks[c] += n;
    }

    void spillAll() {
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            spill(c, tops[c]);
        }
    }

    void resize(HeapLimits limits) {
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            int capacity = limits.stackCapacity()[c];
            if (capacity != ids[c].length) {
                spill(c, Math.max(0, tops[c] - capacity));
                ids[c] = Arrays.copyOf(ids[c], capacity);
            }
        }
    }
}
