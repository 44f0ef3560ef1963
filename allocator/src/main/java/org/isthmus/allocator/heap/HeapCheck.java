package org.isthmus.allocator.heap;

import java.util.BitSet;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;
import org.isthmus.allocator.slab.StateWord;

/** Compares an owner's private view with the state words: each FREE block in one place, no other in any. */
final class HeapCheck {
    private final HeapArea area;
    private final OwnedSlabs slabs;
    private final FreeStacks stacks;

    HeapCheck(HeapArea area, OwnedSlabs slabs, FreeStacks stacks) {
        this.area = area;
        this.slabs = slabs;
        this.stacks = stacks;
    }

    void run() {
        BitSet stacked = new BitSet();
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            for (int i = 0; i < stacks.depth(c); i++) {
                long handle = stacks.entry(c, i);
                int id = Handle.id(handle);
                require(!stacked.get(id), "is twice in the stacks", id, c);
                require(slabs.isOfSlab(handle) && Handle.sizeClass(handle) == c,
                        "is in a stack of another class", id, c);
                require(Handle.generation(handle) == StateWord.generation(area.stateAcquire(area.layout.state(id))),
                        "is in a stack with another generation", id, c);
                stacked.set(id);
            }
        }
        for (int i = 0; i < slabs.ownedCount(); i++) {
            for (int slice = 0; slice < SizeClasses.SLICES; slice++) {
                Slab slab = slabs.at(slabs.owned(i), slice);
                if (slab != null) {
                    check(slab, stacked);
                }
            }
        }
    }

    private void check(Slab slab, BitSet stacked) {
        for (int index = 0; index < slab.capacity; index++) {
            int id = slab.id(index);
            int state = area.stateAcquire(area.layout.state(id));
            int places = (slab.isParked(index) ? 1 : 0) + (stacked.get(id) ? 1 : 0);
            require(places == (StateWord.status(state) == StateWord.FREE ? 1 : 0),
                    "is in " + places + " free places and " + StateWord.describe(state), id, slab.sizeClass);
        }
    }

    private static void require(boolean holds, String what, int id, int c) {
        if (!holds) {
            throw new IllegalStateException("block " + id + " of class " + c + " " + what);
        }
    }
}
