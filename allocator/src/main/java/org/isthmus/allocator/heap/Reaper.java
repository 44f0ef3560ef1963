package org.isthmus.allocator.heap;

import org.isthmus.allocator.slab.SizeClasses;
import org.isthmus.allocator.slab.StateWord;

/**
 * Takes back what dead heaps held and adopts what they owned, on behalf of one surviving heap.
 *
 * <p>Every step can be repeated, so that a reaper that dies is replaced by the next: a heap stays DEAD until all is
 * done.
 *
 * <ol>
 * <li>Blocks of others that the dead heap held, or that were on their way to it: RETURNED.
 * <li>Its superpages change owner one at a time; their slabs are rebuilt from the state words. What it held itself is
 *     freed, what others hold stays theirs, what it had sent to others becomes ORPHAN until they accept it or give it
 *     back.
 * <li>Its runs likewise, tails before the head. Tails that belong to no run: an unfinished claim or release; released.
 * <li>Free bits of superpages that are nobody's are set.
 * <li>The sweep epoch is raised: every owner looks through its states once, and finds what step 1 and killed freers
 *     left.
 * <li>DEAD becomes REAPED.
 * </ol>
 *
 * Invariant: owner words change by compare-and-set from the dead owner's value, states by compare-and-set from the
 * value examined; so no step undoes what a survivor did meanwhile.
 */
final class Reaper {
    private static final long NOBODY = 0;

    private final HeapArea area;
    private final HeapLayout layout;
    private final int me;
    private final Superpages superpages;
    private final OwnedSlabs slabs;
    private final long lease;

    Reaper(HeapArea area, int me, Superpages superpages, OwnedSlabs slabs) {
        this.area = area;
        this.layout = area.layout;
        this.me = me;
        this.superpages = superpages;
        this.slabs = slabs;
        this.lease = layout.base + HeaderDescriptor.LEASE_OFFSET;
    }

    boolean reap() {
        if (!anyDead()) {
            return true;
        }
        if (!takeLease()) {
            return false;
        }
        if (KillPoint.ENABLED) {
            KillPoint.REAP_AFTER_LEASE.reach();
        }
        for (int heap = 0; heap < layout.heaps; heap++) {
            if (area.isUnreaped(heap)) {
                reap(heap);
            }
        }
        boolean ignored = area.casLong(lease, leaseOf(me), NOBODY);
        return !anyDead();
    }

    private boolean anyDead() {
        for (int heap = 0; heap < layout.heaps; heap++) {
            if (area.isUnreaped(heap)) {
                return true;
            }
        }
        return false;
    }

    private boolean takeLease() {
        long holder = area.volatileLong(lease);
        return (holder == NOBODY || !isHolderAlive(holder)) && area.casLong(lease, holder, leaseOf(me));
    }

    private boolean isHolderAlive(long holder) {
        int heap = (int) (holder & 0x1ffff) - 1;
        return heap >= 0 && heap < layout.heaps && holder == leaseOf(heap) && area.isAlive(heap);
    }

    /** The lease in the hands of a heap in its present life. */
    private long leaseOf(int heap) {
        return HeapDescriptor.generation(area.control(heap)) << 17 | heap + 1;
    }

    private void reap(int dead) {
        returnHeldBy(dead);
        for (int superpage = 0; superpage < layout.superpages; superpage++) {
            adopt(superpage, dead);
        }
        releaseOrphanTails(dead);
        superpages.repairFreeBits();
        if (KillPoint.ENABLED) {
            KillPoint.REAP_AFTER_ADOPTION.reach();
        }
        area.raiseSweepEpoch();
        if (KillPoint.ENABLED) {
            KillPoint.REAP_AFTER_EPOCH.reach();
        }
        long control = area.control(dead);
        boolean ignored = area.casControl(dead, control, HeapDescriptor.withStatus(control, HeapDescriptor.REAPED));
        if (KillPoint.ENABLED) {
            KillPoint.REAP_AFTER_REAPED.reach();
        }
    }

    /** Step 1, for all slabs but those of {@code holder} itself. Reads every state word there is, whatever its slab. */
    void returnHeldBy(int holder) {
        for (int superpage = 0; superpage < layout.superpages; superpage++) {
            long owner = area.ownerVolatile(superpage);
            if (SuperpageDescriptor.kind(owner) != SuperpageDescriptor.FREE
                    && SuperpageDescriptor.heap(owner) != holder) {
                returnAll(superpage, holder, StateWord.LIVE, StateWord.INFLIGHT, StateWord.ORPHAN);
            }
        }
    }

    /** Blocks that are ORPHAN and this heap's to accept will not come any more. */
    void returnUndelivered() {
        for (int superpage = 0; superpage < layout.superpages; superpage++) {
            returnAll(superpage, me, StateWord.ORPHAN, StateWord.ORPHAN, StateWord.ORPHAN);
        }
        area.raiseSweepEpoch();
    }

    private void returnAll(int superpage, int holder, int status1, int status2, int status3) {
        int pages = area.pagesAcquire(superpage, SuperpageDescriptor.STATE_PAGES_OFFSET);
        for (; pages != 0; pages &= pages - 1) {
            long page = layout.statePage(superpage, Integer.numberOfTrailingZeros(pages));
            for (long word = page; word < page + HeapLayout.STATE_PAGE; word += Integer.BYTES) {
                int state = area.stateAcquire(word);
                int status = StateWord.status(state);
                if (StateWord.holder(state) == holder
                        && (status == status1 || status == status2 || status == status3)) {
                    boolean ignored = area.casState(word, state, StateWord.withStatus(state, StateWord.RETURNED));
                    if (KillPoint.ENABLED) {
                        KillPoint.REAP_AFTER_STATE.reach();
                    }
                }
            }
        }
    }

    private void adopt(int superpage, int dead) {
        long owner = area.ownerVolatile(superpage);
        int kind = SuperpageDescriptor.kind(owner);
        if (SuperpageDescriptor.heap(owner) != dead || kind != SuperpageDescriptor.SLABS
                && kind != SuperpageDescriptor.RUN) {
            return;
        }
        int length = SuperpageDescriptor.runLength(owner);
        for (int tail = superpage + 1; tail < superpage + length; tail++) {
            long tailOwner = area.ownerVolatile(tail);
            boolean ignored = area.casOwner(tail, tailOwner,
                    SuperpageDescriptor.next(tailOwner, SuperpageDescriptor.TAIL, me, 0));
            if (KillPoint.ENABLED) {
                KillPoint.ADOPT_AFTER_TAIL.reach();
            }
        }
        if (!area.casOwner(superpage, owner, SuperpageDescriptor.next(owner, kind, me, length))) {
            return;
        }
        if (KillPoint.ENABLED) {
            KillPoint.ADOPT_AFTER_OWNER.reach();
        }
        rebuild(superpage, length, dead);
    }

    /** Makes the private view of an adopted superpage: hints first, then states, as {@link Collector} explains. */
    private void rebuild(int superpage, int runLength, int dead) {
        slabs.own(superpage);
        if (area.pagesAcquire(superpage, SuperpageDescriptor.SLAB_PAGE_OFFSET) != 0) {
            Collector.takeHints(area, superpage);
            Slab[] found = new Slab[SizeClasses.SLICES];
            int n = 0;
            for (int slice = 0; slice < SizeClasses.SLICES; slice++) {
                int c = area.slabClassAcquire(superpage, slice);
                if (fits(superpage, slice, c, runLength)) {
                    found[n++] = slabs.register(superpage, slice, c, runLength);
                }
            }
            for (int i = 0; i < n; i++) {
                rebuild(found[i], dead);
            }
        }
        if (slabs.owns(superpage) && slabs.usedSlices(superpage) == 0) {
            slabs.disown(superpage);
            slabs.giveBack(superpage, runLength);
        }
    }

    /** Whether a slab of class {@code c} can begin here; a class that cannot was not written by a heap. */
    private boolean fits(int superpage, int slice, int c, int runLength) {
        if (c < 0 || c > SizeClasses.BIG || (c == SizeClasses.BIG) != (runLength > 0)) {
            return false;
        }
        int n = SizeClasses.slices(c);
        int mask = n == SizeClasses.SLICES ? -1 : (1 << n) - 1 << slice;
        return slice % n == 0 && (slabs.usedSlices(superpage) & mask) == 0;
    }

    private void rebuild(Slab slab, int dead) {
        for (int index = 0; index < slab.capacity; index++) {
            int id = slab.id(index);
            long word = layout.state(id);
            int state = settle(word, dead);
            if (KillPoint.ENABLED) {
                KillPoint.ADOPT_AFTER_STATE.reach();
            }
            if (StateWord.status(state) == StateWord.FREE) {
                slabs.park(id, slab.sizeClass);
            }
        }
    }

    /** The state of a block of a dead owner, after what the owner's death ends. */
    private int settle(long word, int dead) {
        while (true) {
            int state = area.stateAcquire(word);
            int after = switch (StateWord.status(state)) {
                case StateWord.RETURNED -> StateWord.freed(state);
                case StateWord.LIVE -> StateWord.holder(state) == dead ? StateWord.freed(state) : state;
                case StateWord.INFLIGHT -> area.isAlive(StateWord.holder(state))
                        ? StateWord.withStatus(state, StateWord.ORPHAN) : StateWord.freed(state);
                case StateWord.ORPHAN -> area.isAlive(StateWord.holder(state)) ? state : StateWord.freed(state);
                default -> state;
            };
            if (after == state || area.casState(word, state, after)) {
                return after;
            }
        }
    }

    private void releaseOrphanTails(int dead) {
        int covered = -1;
        for (int superpage = 0; superpage < layout.superpages; superpage++) {
            long owner = area.ownerVolatile(superpage);
            int kind = SuperpageDescriptor.kind(owner);
            if (kind == SuperpageDescriptor.RUN) {
                covered = Math.max(covered, superpage + SuperpageDescriptor.runLength(owner) - 1);
            } else if (kind == SuperpageDescriptor.TAIL && SuperpageDescriptor.heap(owner) == dead
                    && superpage > covered) {
                boolean ignored = superpages.release(superpage, owner);
            }
        }
    }
}
