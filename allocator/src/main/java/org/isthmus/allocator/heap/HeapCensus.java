package org.isthmus.allocator.heap;

import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;
import org.isthmus.allocator.slab.StateWord;

/**
 * All blocks of the open slabs and runs of an area, counted by their states. Exact while nobody allocates or frees.
 *
 * @param capacity all blocks
 * @param free those that are FREE
 * @param live those in somebody's hands
 * @param pending those on their way to a receiver or back to their owner
 * @param heldByDead of the live ones and those on their way to a receiver, those of a heap that is not alive
 * @param ownedSuperpages superpages that are somebody's
 * @param ownedByDead those of a heap that is not alive
 */
public record HeapCensus(long capacity, long free, long live, long pending, long heldByDead, int ownedSuperpages,
        int ownedByDead) {
    /** Counts now. Any process of the node. */
    public static HeapCensus of(HeapArea area) {
        long[] byStatus = new long[StateWord.ORPHAN + 1];
        long capacity = 0;
        long heldByDead = 0;
        int owned = 0;
        int ownedByDead = 0;
        for (int superpage = 0; superpage < area.superpages(); superpage++) {
            long owner = area.ownerVolatile(superpage);
            int kind = SuperpageDescriptor.kind(owner);
            owned += kind == SuperpageDescriptor.FREE ? 0 : 1;
            ownedByDead += kind == SuperpageDescriptor.FREE || area.isAlive(SuperpageDescriptor.heap(owner)) ? 0 : 1;
            boolean slabs = (kind == SuperpageDescriptor.SLABS || kind == SuperpageDescriptor.RUN)
                    && area.pagesAcquire(superpage, SuperpageDescriptor.SLAB_PAGE_OFFSET) != 0;
            for (int slice = 0; slabs && slice < SizeClasses.SLICES; slice++) {
                int c = area.slabClassAcquire(superpage, slice);
                int blocks = c < 0 || c > SizeClasses.BIG ? 0 : SizeClasses.capacity(c);
                capacity += blocks;
                for (int index = 0; index < blocks; index++) {
                    int state = area.stateAcquire(area.layout.state(Handle.id(superpage, slice, index)));
                    int status = StateWord.status(state);
                    byStatus[status]++;
                    heldByDead += status == StateWord.FREE || status == StateWord.RETURNED
                            || area.isAlive(StateWord.holder(state)) ? 0 : 1;
                }
            }
        }
        return new HeapCensus(capacity, byStatus[StateWord.FREE], byStatus[StateWord.LIVE],
                byStatus[StateWord.INFLIGHT] + byStatus[StateWord.RETURNED] + byStatus[StateWord.ORPHAN], heldByDead,
                owned, ownedByDead);
    }
}
