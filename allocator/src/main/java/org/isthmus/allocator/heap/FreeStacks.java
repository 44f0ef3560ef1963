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
 *  entries  | tops of all classes | 0 | class 0 ... | 0 | class 1 ... | 0 | ... | 0 |
 * </pre>
 *
 * All stacks lie in one array with an {@link #EDGE} between neighbours, which says both that one is empty and that the
 * other is full: the hit paths compare what they read or overwrite anyway, and need no bounds of the class. Entry
 * {@code c} says where the uppermost entry of class {@code c} lies, or the edge below if there is none; in the same
 * array, so that the hit paths need one reference and one length.
 */
final class FreeStacks {
    /** No handle; all other entries, in use or not, differ from it. */
    static final long EDGE = Handle.NONE;
    private static final long UNUSED = -1;

    private final OwnedSlabs slabs;
    private final HeapCounters counters;
    private long[] entries;
    /** For each class where the edge below it lies; one more for the edge above the last. */
    private int[] edges;

    FreeStacks(OwnedSlabs slabs, HeapCounters counters, HeapLimits limits) {
        this.slabs = slabs;
        this.counters = counters;
        layOut(limits);
    }

    private void layOut(HeapLimits limits) {
        edges = new int[SizeClasses.COUNT + 1];
        edges[0] = SizeClasses.COUNT;
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            edges[c + 1] = edges[c] + limits.stackCapacity()[c] + 1;
        }
        entries = new long[edges[SizeClasses.COUNT] + 1];
        Arrays.fill(entries, UNUSED);
        for (int edge : edges) {
            entries[edge] = EDGE;
        }
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            entries[c] = edges[c];
        }
    }

    int depth(int c) {
        return top(c) - edges[c];
    }

    int capacity(int c) {
        return edges[c + 1] - edges[c] - 1;
    }

    /** For the hit paths, until {@link #resize}. */
    long[] entries() {
        return entries;
    }

    private int top(int c) {
        return (int) entries[c];
    }

    /** An entry of a stack, counted from 0, the lowest. */
    long entry(int c, int i) {
        return entries[edges[c] + 1 + i];
    }

    /** The uppermost entry, taken off; {@link #EDGE} of an empty stack. */
    long pop(int c) {
        int top = top(c);
        long handle = entries[top];
        if (handle != EDGE) {
            entries[c] = top - 1;
        }
        return handle;
    }

    void push(long handle, int c) {
        int top = top(c) + 1;
        if (entries[top] == EDGE) {
            pushOnFull(handle, c);
            return;
        }
        entries[top] = handle;
        entries[c] = top;
    }

    private void pushOnFull(long handle, int c) {
        spill(c, depth(c) - depth(c) / 2);
        entries[(int) ++entries[c]] = handle;
    }

    /** Parks the {@code n} blocks of a stack that were freed first. */
    void spill(int c, int n) {
        for (int i = 0; i < n; i++) {
            slabs.park(Handle.id(entry(c, i)), c);
        }
        int lowest = edges[c] + 1;
        System.arraycopy(entries, lowest + n, entries, lowest, depth(c) - n);
        entries[c] -= n;
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
        entries[c] = edges[c] + n;
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
        layOut(limits);
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            int depth = (int) old[c] - oldEdges[c];
            System.arraycopy(old, oldEdges[c] + 1, entries, edges[c] + 1, depth);
            entries[c] += depth;
        }
    }
}
