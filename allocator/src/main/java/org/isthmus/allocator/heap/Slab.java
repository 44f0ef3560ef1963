package org.isthmus.allocator.heap;

import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;

/**
 * The owner's private view of one slab, or of one run: which of its free blocks are parked here, in no stack. Rebuilt
 * from the state words after an adoption.
 */
final class Slab {
    final int superpage;
    final int slice;
    final int sizeClass;
    final int capacity;
    /** Superpages of a run; 0 else. */
    final int runLength;
    /** Place in the list of its class; -1 in none. */
    int position = -1;
    /** So many bytes of a run are known to have pages. */
    long reservedBytes;
    private final long[] parked;
    private int parkedCount;

    Slab(int superpage, int slice, int sizeClass, int runLength) {
        this.superpage = superpage;
        this.slice = slice;
        this.sizeClass = sizeClass;
        this.runLength = runLength;
        this.capacity = SizeClasses.capacity(sizeClass);
        this.parked = new long[(capacity + 63) / 64];
    }

    int id(int index) {
        return Handle.id(superpage, slice, index);
    }

    /** Bytes of addresses that it spans. */
    long span() {
        return runLength > 0 ? (long) runLength * SizeClasses.SUPERPAGE_BYTES
                : (long) SizeClasses.slices(sizeClass) * SizeClasses.SLICE_BYTES;
    }

    /** The slices that it takes of its superpage, as bits. */
    int sliceMask() {
        int n = SizeClasses.slices(sizeClass);
        return n == SizeClasses.SLICES ? -1 : (1 << n) - 1 << slice;
    }

    int parkedCount() {
        return parkedCount;
    }

    boolean isParked(int index) {
        return (parked[index >>> 6] >>> index & 1) != 0;
    }

    /** Whether every block is free and in no stack. */
    boolean isEmpty() {
        return parkedCount == capacity;
    }

    void park(int index) {
        parked[index >>> 6] |= 1L << index;
        parkedCount++;
    }

    void parkAll() {
        for (int index = 0; index < capacity; index++) {
            park(index);
        }
    }

    void unpark(int index) {
        parked[index >>> 6] &= ~(1L << index);
        parkedCount--;
    }

    /** The lowest parked block; there is one. */
    int firstParked() {
        int word = 0;
        while (parked[word] == 0) {
            word++;
        }
        return word * 64 + Long.numberOfTrailingZeros(parked[word]);
    }
}
