package org.isthmus.allocator.heap;

import java.util.Arrays;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;

/**
 * By slice, what the handles of all blocks of a heap's own slab that begins there have in common: so whether a handle
 * names one of them is one load and one compare.
 *
 * <pre>
 *  63     52 51                     10 9          0
 *  +--------+-------------------------+------------+
 *  |   0    | class, superpage, slice |     0      |
 *  +--------+-------------------------+------------+
 * </pre>
 *
 * Bits 10 to 51 are as in the handles. Generation and index are left to the state word: each index has one, and that of
 * an index above the capacity is FREE.
 *
 * <p>The table is indexed by the lowest bits of the slice and grows when two slabs meet, so that it stays small in a
 * large area. Where no slab begins, the name is one that no handle which leads there can have. Owner's thread only.
 */
final class SlabNames {
    /** Generation at the top and index at the bottom do not count. */
    private static final int GENERATION_BITS = 12;

    private long[] names = {nothing(0), nothing(1)};

    /** The name at a handle's slice, whatever that is. */
    long at(long handle) {
        return names[slot(handle >>> Handle.SLICE_SHIFT)];
    }

    /** Whether a handle is of the slab that was found by it. */
    static boolean isOf(long handle, long name) {
        return (handle ^ name) << GENERATION_BITS >>> GENERATION_BITS + Handle.SLICE_SHIFT == 0;
    }

    /** A slab of class {@code c} begins at a slice. */
    void add(int superpage, int slice, int c) {
        long name = Handle.of(Handle.id(superpage, slice, 0), c, 0);
        long number = Handle.sliceOfArea(name);
        while (names[slot(number)] != nothing(slot(number))) {
            grow();
        }
        names[slot(number)] = name;
    }

    /** Where a slab began, there is none. */
    void remove(int superpage, int slice) {
        int slot = slot((long) superpage * SizeClasses.SLICES + slice);
        names[slot] = nothing(slot);
    }

    private int slot(long slice) {
        return (int) slice & names.length - 1;
    }

    private static long nothing(int slot) {
        return (long) (slot ^ 1) << Handle.SLICE_SHIFT;
    }

    private void grow() {
        long[] old = names;
        names = new long[2 * old.length];
        Arrays.setAll(names, SlabNames::nothing);
        for (int slot = 0; slot < old.length; slot++) {
            if (old[slot] != nothing(slot)) {
                names[slot(old[slot] >>> Handle.SLICE_SHIFT)] = old[slot];
            }
        }
    }
}
