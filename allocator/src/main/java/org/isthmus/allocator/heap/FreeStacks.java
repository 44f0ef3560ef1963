package org.isthmus.allocator.heap;

import java.util.Arrays;
import org.isthmus.allocator.policy.HeapCounters;
import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;

/**
 * The private stacks of free blocks, one for each class; what exceeds a stack's capacity goes back to its slabs.
 *
 * <p>An entry is the handle that its block had last. Invariant: its generation is that of the block's state word, which
 * nobody but the owner writes while it is FREE; so an allocation stores the next state without reading this one.
 */
final class FreeStacks {
    /** For each class its depth, then so many entries. */
    final long[][] stacks = new long[SizeClasses.COUNT][];
    private final OwnedSlabs slabs;
    private final HeapCounters counters;

    FreeStacks(OwnedSlabs slabs, HeapCounters counters, HeapLimits limits) {
        this.slabs = slabs;
        this.counters = counters;
        Arrays.setAll(stacks, c -> new long[limits.stackCapacity()[c] + 1]);
    }

    int depth(int c) {
        return (int) stacks[c][0];
    }

    int capacity(int c) {
        return stacks[c].length - 1;
    }

    void push(long handle, int c) {
        long[] stack = stacks[c];
        int top = (int) stack[0] + 1;
        if (top >= stack.length) {
            spill(c, top - 1 - (top - 1) / 2);
            top = (int) stack[0] + 1;
        }
        stack[top] = handle;
        stack[0] = top;
    }

    /** Parks the {@code n} blocks of a stack that were freed first. */
    void spill(int c, int n) {
        long[] stack = stacks[c];
        for (int i = 1; i <= n; i++) {
            slabs.park(Handle.id(stack[i]), c);
        }
        System.arraycopy(stack, n + 1, stack, 1, depth(c) - n);
        stack[0] -= n;
        counters.spilledBlocks[c] += n;
    }

    void spillAll() {
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            spill(c, depth(c));
        }
    }

    /** Fills an empty stack with up to {@code blocks} parked ones. Returns how many; 0 when there is no room. */
    int refill(int c, int blocks) {
        int n = slabs.refill(c, stacks[c], 1, Math.min(blocks, capacity(c)));
        stacks[c][0] = n;
        counters.refills[c]++;
        counters.refilledBlocks[c] += n;
        return n;
    }

    void resize(HeapLimits limits) {
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            int capacity = limits.stackCapacity()[c];
            if (capacity != capacity(c)) {
                spill(c, Math.max(0, depth(c) - capacity));
                stacks[c] = Arrays.copyOf(stacks[c], capacity + 1);
            }
        }
    }
}
