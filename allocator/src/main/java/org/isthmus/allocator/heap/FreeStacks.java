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
 *
 * <pre>
 *  entries  | 0 | class 0 ... | 0 | class 1 ... | 0 | ... | 0 |
 * </pre>
 *
 * All stacks lie in one array with an {@link #EDGE} between neighbours, which says both that one is empty and that the
 * other is full: the hit paths compare what they read or overwrite anyway, and need no bounds of the class.
 */
final class FreeStacks {
    /** No handle; all other entries, in use or not, differ from it. */
    static final long EDGE = Handle.NONE;
    private static final long UNUSED = -1;

    private final OwnedSlabs slabs;
    private final HeapCounters counters;
    private long[] entries;
    /** For each class where its uppermost entry lies; that of the edge below if there is none. */
    private final int[] tops = new int[SizeClasses.COUNT];
    /** For each class where the edge below it lies; one more for the edge above the last. */
    private int[] edges;

    FreeStacks(OwnedSlabs slabs, HeapCounters counters, HeapLimits limits) {
        this.slabs = slabs;
        this.counters = counters;
        layOut(limits);
    }

    private void layOut(HeapLimits limits) {
        edges = new int[SizeClasses.COUNT + 1];
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            edges[c + 1] = edges[c] + limits.stackCapacity()[c] + 1;
        }
        entries = new long[edges[SizeClasses.COUNT] + 1];
        Arrays.fill(entries, UNUSED);
        for (int edge : edges) {
            entries[edge] = EDGE;
        }
        System.arraycopy(edges, 0, tops, 0, tops.length);
    }

    int depth(int c) {
        return tops[c] - edges[c];
    }

    int capacity(int c) {
        return edges[c + 1] - edges[c] - 1;
    }

    /** For the hit paths, until {@link #resize}. */
    long[] entries() {
        return entries;
    }

    int[] tops() {
        return tops;
    }

    /** An entry of a stack, counted from 0, the lowest. */
    long entry(int c, int i) {
        return entries[edges[c] + 1 + i];
    }

    /** The uppermost entry, taken off; {@link #EDGE} of an empty stack. */
    long pop(int c) {
        int top = tops[c];
        long handle = entries[top];
        if (handle != EDGE) {
            tops[c] = top - 1;
        }
        return handle;
    }

    void push(long handle, int c) {
        int top = tops[c] + 1;
        if (entries[top] == EDGE) {
            pushOnFull(handle, c);
            return;
        }
        entries[top] = handle;
        tops[c] = top;
    }

    private void pushOnFull(long handle, int c) {
        spill(c, depth(c) - depth(c) / 2);
        entries[++tops[c]] = handle;
    }

    /** Parks the {@code n} blocks of a stack that were freed first. */
    void spill(int c, int n) {
        for (int i = 0; i < n; i++) {
            slabs.park(Handle.id(entry(c, i)), c);
        }
        int lowest = edges[c] + 1;
        System.arraycopy(entries, lowest + n, entries, lowest, depth(c) - n);
        tops[c] -= n;
        counters.spilledBlocks[c] += n;
    }

    void spillAll() {
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            spill(c, depth(c));
        }
    }

    /** Fills an empty stack with up to {@code blocks} parked ones. Returns how many; 0 when there is no room. */
    int refill(int c, int blocks) {
        int n = slabs.refill(c, entries, edges[c] + 1, Math.min(blocks, capacity(c)));
        tops[c] = edges[c] + n;
        counters.refills[c]++;
        counters.refilledBlocks[c] += n;
        return n;
    }

    void resize(HeapLimits limits) {
        boolean same = true;
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            same &= limits.stackCapacity()[c] == capacity(c);
            spill(c, Math.max(0, depth(c) - limits.stackCapacity()[c]));
        }
        if (same) {
            return;
        }
        long[] old = entries;
        int[] oldEdges = edges;
        int[] oldTops = tops.clone();
        layOut(limits);
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            int depth = oldTops[c] - oldEdges[c];
            System.arraycopy(old, oldEdges[c] + 1, entries, edges[c] + 1, depth);
            tops[c] += depth;
        }
    }
}
