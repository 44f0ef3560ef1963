package org.isthmus.allocator.heap;

import java.util.Arrays;

/** Slabs of one class that have parked blocks; removal by swapping with the last. */
final class SlabList {
    private Slab[] slabs = new Slab[4];
    private int size;
    /** Slabs in here that are empty. */
    int empties;

    int size() {
        return size;
    }

    Slab get(int i) {
        return slabs[i];
    }

    Slab last() {
        return size == 0 ? null : slabs[size - 1];
    }

    void add(Slab slab) {
        if (size == slabs.length) {
            slabs = Arrays.copyOf(slabs, size * 2);
        }
        slab.position = size;
        slabs[size++] = slab;
    }

    void remove(Slab slab) {
        Slab last = slabs[--size];
        slabs[slab.position] = last;
        last.position = slab.position;
        slabs[size] = null;
        slab.position = -1;
    }
}
