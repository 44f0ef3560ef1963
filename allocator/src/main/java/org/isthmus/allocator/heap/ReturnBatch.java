package org.isthmus.allocator.heap;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.isthmus.allocator.policy.HeapCounters;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SlabDescriptor;

/**
 * Blocks of other heaps that this one has freed: gathered by pending word, then told to their owners bit by bit, from
 * the word upwards. A level is raised only by the freer who found the one below empty.
 *
 * <p>The states are RETURNED already, so whatever is lost here (this process may be killed anywhere) is found by the
 * owner's next sweep. Owner's thread only; wait-free but for contended words.
 */
final class ReturnBatch {
    private static final int ENTRIES = 16;

    private final HeapArea area;
    private final HeapLayout layout;
    private final HeapCounters counters;
    /** Block id / 64 of each entry; -1 unused. */
    private final int[] words = new int[ENTRIES];
    private final long[] masks = new long[ENTRIES];
    private int gathered;
    private int limit;
    private IntConsumer onReturn = owner -> { };

    ReturnBatch(HeapArea area, HeapCounters counters, int limit) {
        this.area = area;
        this.layout = area.layout;
        this.counters = counters;
        this.limit = limit;
        Arrays.fill(words, -1);
    }

    void setLimit(int blocks) {
        limit = blocks;
    }

    /** Sets who is told, by heap, of owners that find more free blocks than at their last look. */
    void onReturn(IntConsumer listener) {
        onReturn = listener;
    }

    void add(int id) {
        int word = id >>> 6;
        int entry = word & ENTRIES - 1;
        if (words[entry] != word) {
            raise(entry);
            words[entry] = word;
        }
        masks[entry] |= 1L << id;
        if (++gathered >= limit) {
            flush();
        }
    }

    void flush() {
        if (gathered == 0) {
            return;
        }
        for (int entry = 0; entry < ENTRIES; entry++) {
            raise(entry);
            words[entry] = -1;
        }
        gathered = 0;
        counters.flushes++;
    }

    private void raise(int entry) {
        long mask = masks[entry];
        if (mask != 0) {
            masks[entry] = 0;
            int id = words[entry] << 6;
            raise(Handle.superpage(id), Handle.slice(id), Handle.index(id) >>> 6, mask);
        }
    }

    private void raise(int superpage, int slice, int word, long mask) {
        if (area.or(layout.slab(superpage, slice) + SlabDescriptor.PENDING_OFFSET + word * 8L, mask) != 0) {
            return;
        }
        if (KillPoint.ENABLED) {
            KillPoint.RAISE_AFTER_BIT.reach();
        }
        if (area.or(layout.pendingSlices(superpage), 1L << slice) != 0) {
            return;
        }
        if (KillPoint.ENABLED) {
            KillPoint.RAISE_AFTER_SLICE.reach();
        }
        long owner;
        do {
            owner = area.ownerVolatile(superpage);
            raise(superpage, layout.heap(SuperpageDescriptor.heap(owner)));
        } while (area.ownerVolatile(superpage) != owner); // adopted meanwhile: tell the new owner too
        onReturn.accept(SuperpageDescriptor.heap(owner));
    }

    private void raise(int superpage, long heap) {
        int bit = superpage % HeapDescriptor.MIDDLE_BITS;
        if (area.or(heap + HeapDescriptor.MIDDLE_OFFSET + (bit >>> 6) * 8L, 1L << bit) != 0) {
            return;
        }
        if (KillPoint.ENABLED) {
            KillPoint.RAISE_AFTER_MIDDLE.reach();
        }
        long ignored = area.or(heap + HeapDescriptor.TOP_OFFSET, 1L << (bit >>> 6));
    }
}
