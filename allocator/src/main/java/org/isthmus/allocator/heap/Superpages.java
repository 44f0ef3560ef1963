package org.isthmus.allocator.heap;

import org.isthmus.allocator.segment.KernelPages;
import org.isthmus.allocator.slab.SizeClasses;
import org.isthmus.allocator.slab.SlabDescriptor;

/**
 * Claims and releases superpages for one heap, and gives them pages. The node's superpages are the pool that memory at
 * rest returns to; pages once reserved stay with their superpage
 * unless {@link RestingSuperpages} gives them to the kernel.
 *
 * <p>Invariants: (1) whoever changes an owner word from FREE owns the superpage; (2) a set free bit says that a look is
 * worth while, no more: a claimer takes the bit, then the owner word, and goes on if that is not FREE; (3) of a run,
 * tails are claimed before the head and released after it, so a head always stands for a whole run; (4) a page bit is
 * set after the pages are there, and only by the owner. Progress: lock-free.
 */
final class Superpages {
    private final HeapArea area;
    private final HeapLayout layout;
    private final int heap;
    private final int keptFree;

    /** @param keptFree superpages that this heap leaves to others */
    Superpages(HeapArea area, int heap, int keptFree) {
        this.area = area;
        this.layout = area.layout;
        this.heap = heap;
        this.keptFree = keptFree;
    }

    /** Whether {@code n} superpages may be claimed; a guess, as others claim meanwhile. */
    private boolean mayClaim(int n) {
        int free = 0;
        for (int word = 0; keptFree > 0 && word < layout.freeWords(); word++) {
            free += Long.bitCount(area.volatileLong(layout.freeWord(word)));
        }
        return keptFree == 0 || free - n >= keptFree;
    }

    /** A superpage that is now this heap's, of kind SLABS, or -1. */
    int claim() {
        boolean may = mayClaim(1);
        for (int word = 0; may && word < layout.freeWords(); word++) {
            long bits;
            while ((bits = area.volatileLong(layout.freeWord(word))) != 0) {
                long bit = Long.lowestOneBit(bits);
                if (!area.casLong(layout.freeWord(word), bits, bits & ~bit)) {
                    continue;
                }
                if (KillPoint.ENABLED) {
                    KillPoint.CLAIM_AFTER_BIT.reach();
                }
                int superpage = word * 64 + Long.numberOfTrailingZeros(bit);
                if (become(superpage, SuperpageDescriptor.SLABS, 0)) {
                    if (KillPoint.ENABLED) {
                        KillPoint.CLAIM_AFTER_OWNER.reach();
                    }
                    return superpage;
                }
            }
        }
        return -1;
    }

    /** The first of {@code n} superpages in a row, now this heap's, or -1. Runs come from the end of the area. */
    int claimRun(int n) {
        int length = 0;
        boolean may = mayClaim(n);
        for (int superpage = layout.superpages - 1; may && superpage >= 0; superpage--) {
            long bits = area.volatileLong(layout.freeWord(superpage >>> 6));
            length = (bits >>> superpage & 1) == 0 ? 0 : length + 1;
            if (length == n) {
                if (tryClaimRun(superpage, n)) {
                    return superpage;
                }
                length = 0;
            }
        }
        return -1;
    }

    private boolean tryClaimRun(int first, int n) {
        for (int i = 0; i < n; i++) {
            if (!takeBit(first + i)) {
                setBits(first, i);
                return false;
            }
        }
        if (KillPoint.ENABLED) {
            KillPoint.RUN_AFTER_BITS.reach();
        }
        for (int i = n - 1; i > 0; i--) {
            if (!become(first + i, SuperpageDescriptor.TAIL, 0)) {
                releaseTails(first + i + 1, n - 1 - i);
                setBits(first, i);
                return false;
            }
            if (KillPoint.ENABLED) {
                KillPoint.RUN_AFTER_TAIL.reach();
            }
        }
        if (!become(first, SuperpageDescriptor.RUN, n)) {
            releaseTails(first + 1, n - 1);
            return false;
        }
        if (KillPoint.ENABLED) {
            KillPoint.RUN_AFTER_HEAD.reach();
        }
        return true;
    }

    private boolean takeBit(int superpage) {
        long word = layout.freeWord(superpage >>> 6);
        long bit = 1L << superpage;
        long bits = area.volatileLong(word);
        while ((bits & bit) != 0) {
            if (area.casLong(word, bits, bits & ~bit)) {
                return true;
            }
            bits = area.volatileLong(word);
        }
        return false;
    }

    private void setBits(int first, int n) {
        for (int i = 0; i < n; i++) {
            long ignored = area.or(layout.freeWord(first + i >>> 6), 1L << first + i);
        }
    }

    private boolean become(int superpage, int kind, int runLength) {
        long owner = area.ownerVolatile(superpage);
        return SuperpageDescriptor.kind(owner) == SuperpageDescriptor.FREE
                && area.casOwner(superpage, owner, SuperpageDescriptor.next(owner, kind, heap, runLength));
    }

    /** Gives back a superpage of this heap, or of a dead one to its reaper; false if somebody else did so before. */
    boolean release(int superpage, long owner) {
        if (!area.casOwner(superpage, owner, SuperpageDescriptor.next(owner, SuperpageDescriptor.FREE, 0, 0))) {
            return false;
        }
        if (KillPoint.ENABLED) {
            KillPoint.RELEASE_AFTER_OWNER.reach();
        }
        setBits(superpage, 1);
        return true;
    }

    void release(int superpage) {
        boolean ignored = release(superpage, area.ownerVolatile(superpage));
    }

    void releaseRun(int first, int n) {
        long owner = area.ownerVolatile(first);
        boolean ignored = area.casOwner(first, owner, SuperpageDescriptor.next(owner, SuperpageDescriptor.FREE, 0, 0));
        if (KillPoint.ENABLED) {
            KillPoint.RUN_RELEASE_AFTER_HEAD.reach();
        }
        releaseTails(first + 1, n - 1);
        setBits(first, 1);
    }

    /** Makes {@code n} superpages of kind SLABS of a run of this heap. */
    void splitRun(int first, int n) {
        for (int i = 0; i < n; i++) {
            long owner = area.ownerVolatile(first + i);
            boolean ignored = area.casOwner(first + i, owner,
                    SuperpageDescriptor.next(owner, SuperpageDescriptor.SLABS, heap, 0));
            if (KillPoint.ENABLED) {
                KillPoint.RUN_RELEASE_AFTER_HEAD.reach();
            }
        }
    }

    private void releaseTails(int first, int n) {
        for (int i = 0; i < n; i++) {
            release(first + i);
            if (KillPoint.ENABLED) {
                KillPoint.RUN_RELEASE_AFTER_TAIL.reach();
            }
        }
    }

    /** Sets the free bit of every superpage that is nobody's; a claimer at work meanwhile loses nothing, inv. 2. */
    void repairFreeBits() {
        for (int superpage = 0; superpage < layout.superpages; superpage++) {
            if (SuperpageDescriptor.kind(area.ownerVolatile(superpage)) == SuperpageDescriptor.FREE) {
                setBits(superpage, 1);
            }
        }
    }

    /** Pages for the slab descriptors of an owned superpage; false when the node is full. */
    boolean reserveSlabs(int superpage) {
        return reservePages(superpage, SuperpageDescriptor.SLAB_PAGE_OFFSET, 1, layout.slab(superpage, 0),
                SlabDescriptor.SUPERPAGE_BYTES);
    }

    /** The page for the state words of the slab that begins at a slice. */
    boolean reserveStates(int superpage, int slice) {
        return reserveEach(superpage, SuperpageDescriptor.STATE_PAGES_OFFSET, slice, 1, layout.statePage(superpage, 0),
                HeapLayout.STATE_PAGE);
    }

    /** Pages for the blocks in {@code n} slices. */
    boolean reserveData(int superpage, int slice, int n) {
        return reserveEach(superpage, SuperpageDescriptor.DATA_PAGES_OFFSET, slice, n, layout.slice(superpage, 0),
                SizeClasses.SLICE_BYTES);
    }

    /**
     * Huge pages for the first slices of a run none of which has pages yet; false when that cannot be had, and ordinary
     * ones will do.
     */
    boolean reserveHuge(int first, int slices, KernelPages kernel) {
        int n = (slices + SizeClasses.SLICES - 1) / SizeClasses.SLICES;
        for (int i = 0; i < n; i++) {
            if (area.pagesPlain(first + i, SuperpageDescriptor.DATA_PAGES_OFFSET) != 0) {
                return false;
            }
        }
        if (!kernel.populateHuge(area.memory, layout.slice(first, 0), (long) slices * SizeClasses.SLICE_BYTES)) {
            return false;
        }
        if (KillPoint.ENABLED) {
            KillPoint.RESERVE_AFTER_PAGES.reach();
        }
        for (int i = 0; i < n; i++) {
            int here = Math.min(SizeClasses.SLICES, slices - i * SizeClasses.SLICES);
            area.setPagesRelease(first + i, SuperpageDescriptor.DATA_PAGES_OFFSET, // inv. 4
                    here == SizeClasses.SLICES ? -1 : (1 << here) - 1);
        }
        return true;
    }

    private boolean reserveEach(int superpage, long field, int slice, int n, long start, int bytes) {
        for (int s = slice; s < slice + n; s++) {
            if (!reservePages(superpage, field, 1 << s, start + (long) s * bytes, bytes)) {
                return false;
            }
        }
        return true;
    }

    private boolean reservePages(int superpage, long field, int bit, long offset, long bytes) {
        int present = area.pagesPlain(superpage, field);
        if ((present & bit) != 0) {
            return true;
        }
        if (!area.reserve(offset, bytes)) {
            return false;
        }
        if (KillPoint.ENABLED) {
            KillPoint.RESERVE_AFTER_PAGES.reach();
        }
        area.setPagesRelease(superpage, field, present | bit); // inv. 4
        return true;
    }
}
