package org.isthmus.allocator.heap;

import org.isthmus.allocator.policy.HeapCounters;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;
import org.isthmus.allocator.slab.SlabDescriptor;
import org.isthmus.allocator.slab.StateWord;

/**
 * The owner's side of remote frees. Collecting follows the pending bits from the top down, taking each level before the
 * one below, where freers set them from the bottom up: so a bit set during a collection is seen by this one or raises
 * the levels anew. A sweep, after a death, looks at every state instead and so finds what no bit led to.
 *
 * <p>Invariant: only a block whose state is RETURNED becomes FREE here, whatever the bits say. Owner's thread only.
 */
final class Collector {
    private final HeapArea area;
    private final HeapLayout layout;
    private final OwnedSlabs slabs;
    private final FreeStacks stacks;
    private final HeapCounters counters;
    private final BlockAudit audit;
    private final long heap;
    private long sweptEpoch;

    Collector(HeapArea area, int heap, OwnedSlabs slabs, FreeStacks stacks, HeapCounters counters, BlockAudit audit) {
        this.area = area;
        this.layout = area.layout;
        this.slabs = slabs;
        this.stacks = stacks;
        this.counters = counters;
        this.audit = audit;
        this.heap = layout.heap(heap);
        this.sweptEpoch = area.sweepEpochAcquire() - 1; // what freers left in the slot of a former heap goes first
    }

    /** Takes what others have freed, and looks at all states if somebody has died since. */
    void collect() {
        sweepAfterDeaths();
        long top = area.take(heap + HeapDescriptor.TOP_OFFSET);
        if (KillPoint.ENABLED && top != 0) {
            KillPoint.COLLECT_AFTER_TOP.reach();
        }
        for (; top != 0; top &= top - 1) {
            collectMiddle(Long.numberOfTrailingZeros(top));
        }
    }

    /** Looks at all states if somebody has died since it did so last. */
    void sweepAfterDeaths() {
        long epoch = area.sweepEpochAcquire();
        if (epoch != sweptEpoch) {
            sweep();
            sweptEpoch = epoch;
        }
    }

    private void collectMiddle(int word) {
        long middle = area.take(heap + HeapDescriptor.MIDDLE_OFFSET + word * 8L);
        if (KillPoint.ENABLED) {
            KillPoint.COLLECT_AFTER_MIDDLE.reach();
        }
        for (; middle != 0; middle &= middle - 1) {
            int first = word * 64 + Long.numberOfTrailingZeros(middle);
            for (int superpage = first; superpage < layout.superpages; superpage += HeapDescriptor.MIDDLE_BITS) {
                if (slabs.owns(superpage)) {
                    collectSuperpage(superpage);
                }
            }
        }
    }

    private void collectSuperpage(int superpage) {
        long slices = area.take(layout.pendingSlices(superpage));
        if (KillPoint.ENABLED) {
            KillPoint.COLLECT_AFTER_SLICES.reach();
        }
        for (; slices != 0 && slabs.owns(superpage); slices &= slices - 1) {
            Slab slab = slabs.at(superpage, Long.numberOfTrailingZeros(slices));
            if (slab != null) {
                collectSlab(slab);
            }
        }
    }

    private void collectSlab(Slab slab) {
        long pending = layout.slab(slab.superpage, slab.slice) + SlabDescriptor.PENDING_OFFSET;
        int collected = 0;
        for (int first = 0; first < slab.capacity; first += 64) {
            long bits = area.take(pending + first / 8);
            if (KillPoint.ENABLED && bits != 0) {
                KillPoint.COLLECT_AFTER_BITS.reach();
            }
            for (; bits != 0; bits &= bits - 1) {
                collected += takeReturned(slab, first + Long.numberOfTrailingZeros(bits));
            }
        }
        counters.collects[slab.sizeClass]++;
        counters.collectedBlocks[slab.sizeClass] += collected;
    }

    private int takeReturned(Slab slab, int index) {
        if (index >= slab.capacity) {
            return 0;
        }
        int id = slab.id(index);
        long word = layout.state(id);
        int state = area.stateAcquire(word);
        if (StateWord.status(state) != StateWord.RETURNED) {
            return 0;
        }
        toFree(id, slab.sizeClass, word, state);
        return 1;
    }

    private void toFree(int id, int c, long word, int state) {
        if (audit != null) {
            audit.freed(id, c);
        }
        area.setStatePlain(word, StateWord.freed(state));
        if (KillPoint.ENABLED) {
            KillPoint.COLLECT_AFTER_STATE.reach();
        }
        land(Handle.of(id, c, state), c);
    }

    private void land(long handle, int c) {
        if (c == SizeClasses.BIG) {
            slabs.park(Handle.id(handle), c);
        } else {
            stacks.push(handle, c);
        }
    }

    /** Takes what came back in the order in which it was handed over, at most {@code most} blocks of a class. */
    int collectOldest(int c, HandedOver handedOver, int most) {
        int collected = 0;
        while (collected < most && !handedOver.isEmpty(c)) {
            long handle = handedOver.first(c);
            int id = Handle.id(handle);
            long word = layout.state(id); // pages of states stay, even if the slab was given back meanwhile
            int state = area.stateAcquire(word);
            boolean current = StateWord.generation(state) == Handle.generation(handle)
                    && slabs.isOfSlab(handle);
            int status = StateWord.status(state);
            if (current && status == StateWord.RETURNED) {
                toFree(id, c, word, state);
                collected++;
            } else if (current && status != StateWord.FREE) {
                break;
            }
            handedOver.removeFirst(c);
        }
        counters.collectedBlocks[c] += collected;
        return collected;
    }

    /** Takes what others have freed, whether they have told it or not. */
    void collectUntold() {
        sweep();
    }

    /** Frees every owned block that is RETURNED, or on its way to a heap that is no longer alive. */
    private void sweep() {
        long top = area.take(heap + HeapDescriptor.TOP_OFFSET);
        for (int word = 0; word < HeapDescriptor.MIDDLE_WORDS; word++) {
            long ignored = area.take(heap + HeapDescriptor.MIDDLE_OFFSET + word * 8L);
        }
        int[] superpages = new int[slabs.ownedCount()];
        for (int i = 0; i < superpages.length; i++) {
            superpages[i] = slabs.owned(i);
        }
        for (int superpage : superpages) {
            takeHints(area, superpage);
            for (int slice = 0; slice < SizeClasses.SLICES && slabs.owns(superpage); slice++) {
                Slab slab = slabs.at(superpage, slice);
                if (slab != null) {
                    sweep(slab);
                }
            }
        }
    }

    private void sweep(Slab slab) {
        for (int index = 0; index < slab.capacity; index++) {
            int id = slab.id(index);
            long word = layout.state(id);
            int state = area.stateAcquire(word);
            int status = StateWord.status(state);
            if (status == StateWord.RETURNED
                    || status == StateWord.INFLIGHT && !area.isAlive(StateWord.holder(state))) {
                toFree(id, slab.sizeClass, word, state);
            }
        }
    }

    /** Takes all pending bits of a superpage, from the top down, before its states are read. */
    static void takeHints(HeapArea area, int superpage) {
        long ignored = area.take(area.layout.pendingSlices(superpage));
        for (int slice = 0; slice < SizeClasses.SLICES; slice++) {
            takeBits(area, superpage, slice);
        }
    }

    /** Takes the pending bits of one slice. */
    static void takeBits(HeapArea area, int superpage, int slice) {
        long pending = area.layout.slab(superpage, slice) + SlabDescriptor.PENDING_OFFSET;
        for (int word = 0; word < SlabDescriptor.PENDING_WORDS; word++) {
            long ignored = area.take(pending + word * 8L);
        }
    }
}
