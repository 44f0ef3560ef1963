package org.isthmus.allocator.heap;

import java.util.Arrays;
import org.isthmus.allocator.policy.HeapCounters;
import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.segment.KernelPages;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;

/**
 * The slabs and runs of one heap: opened in owned superpages, source of the stacks' blocks, closed when empty.
 *
 * <p>Invariants: (1) a FREE block of an owned slab is in the stack of its class or parked in its slab, never both; (2)
 * a slab with parked blocks is in the list of its class; (3) a slab closes only with all its blocks parked, so no state
 * in it is other than FREE; (4) {@link #names} says for every slice which owned slab begins there; (5) a
 * slab opens without pending bits: a freer whose block a sweep took before its bit was set may have left one behind,
 * and a word that is not empty makes nobody raise the levels above. Owner's thread only.
 */
final class OwnedSlabs {
    private static final int KEPT_RUNS = 16;
    private static final int KEPT_RUN_SUPERPAGES = 32;

    private final SlabNames names = new SlabNames();
    private final HeapArea area;
    private final Superpages superpages;
    private final HeapCounters counters;
    private final Slab[][] slabs;
    private final int[] usedSlices;
    private final SlabList[] withParked = new SlabList[SizeClasses.COUNT + 1];
    private int[] owned = new int[8];
    private int ownedCount;
    private int keptRunSuperpages;
    private int retainedEmpties;
    private final long mostBytes;
    private boolean bounded = true;
    private final KernelPages kernel;
    private final RestingSuperpages resting;
    private long hugePageBytes;

    /** @param options of which the most bytes, beyond which a class gets no slab but its first, and the kernel count */
    OwnedSlabs(HeapArea area, Superpages superpages, HeapCounters counters, HeapOptions options) {
        this.mostBytes = options.mostBytes();
        this.kernel = options.kernel().orElse(null);
        this.resting = kernel == null ? null : new RestingSuperpages(area, superpages, kernel);
        this.area = area;
        this.superpages = superpages;
        this.counters = counters;
        this.slabs = new Slab[area.superpages()][];
        this.usedSlices = new int[area.superpages()];
        Arrays.setAll(withParked, c -> new SlabList());
    }

    void obey(HeapLimits limits) {
        retainedEmpties = limits.retainedEmptySlabs();
        hugePageBytes = limits.hugePageBytes();
        if (resting != null) {
            resting.setBatchBytes(limits.releaseBatchBytes());
        }
    }

    int ownedCount() {
        return ownedCount;
    }

    int owned(int i) {
        return owned[i];
    }

    boolean owns(int superpage) {
        return slabs[superpage] != null;
    }

    /** Whether a handle is that of a block of an owned slab. */
    boolean isOfSlab(long handle) {
        return SlabNames.isOf(handle, names.at(handle));
    }

    SlabNames names() {
        return names;
    }

    /** Whether a handle names an owned run. */
    boolean isOfRun(long handle) {
        int superpage = Handle.superpage(Handle.id(handle));
        return Handle.sizeClass(handle) == SizeClasses.BIG && Handle.isWellFormed(handle, slabs.length)
                && owns(superpage) && at(superpage, 0) != null && at(superpage, 0).runLength > 0;
    }

    Slab at(int superpage, int slice) {
        return slabs[superpage][slice];
    }

    /**
     * Moves up to {@code most} parked blocks of a class onto a stack, the lowest uppermost, opening a slab if none has
     * any.
     *
     * @return how many; 0 when there is no room
     */
    int refill(int c, long[] stack, int top, int most) {
        Slab slab = withParked[c].last();
        if (slab == null && (slab = open(c)) == null) {
            return 0;
        }
        boolean wasEmpty = slab.isEmpty();
        int n = 0;
        while (n < most && slab.parkedCount() > 0) {
            int index = slab.firstParked();
            if (!reserveBlock(slab, index)) {
                break;
            }
            slab.unpark(index);
            int id = slab.id(index);
            stack[top + n++] = Handle.of(id, c, area.statePlain(area.layout.state(id)));
        }
        taken(slab, wasEmpty && n > 0);
        for (int low = top, high = top + n - 1; low < high; low++, high--) {
            long handle = stack[low];
            stack[low] = stack[high];
            stack[high] = handle;
        }
        return n;
    }

    private void taken(Slab slab, boolean leftEmpties) {
        SlabList list = withParked[slab.sizeClass];
        if (leftEmpties) {
            list.empties--;
        }
        if (slab.parkedCount() == 0) {
            list.remove(slab);
        }
    }

    private boolean reserveBlock(Slab slab, int index) {
        long bytes = SizeClasses.bytes(slab.sizeClass);
        int first = (int) (index * bytes / SizeClasses.SLICE_BYTES);
        int last = (int) (((index + 1) * bytes - 1) / SizeClasses.SLICE_BYTES);
        return superpages.reserveData(slab.superpage, slab.slice + first, last - first + 1);
    }

    /** Whether this heap has a slab or run of a class, so that a block of it may yet come back. */
    boolean hasSlab(int c) {
        return counters.slabsOpened[c] > counters.slabsClosed[c];
    }

    /** Whether the most bytes hold for what is opened next. */
    void setBounded(boolean bounded) {
        this.bounded = bounded;
    }

    private boolean mayOpen(int c, long bytes) {
        return !bounded || counters.ownedBytes <= mostBytes - bytes || !hasSlab(c);
    }

    private Slab open(int c) {
        int n = SizeClasses.slices(c);
        if (!mayOpen(c, (long) n * SizeClasses.SLICE_BYTES)) {
            return null;
        }
        int superpage = -1;
        int slice = -1;
        for (int i = 0; i < ownedCount && slice < 0; i++) {
            superpage = owned[i];
            slice = room(usedSlices[superpage], n);
        }
        boolean claimed = slice < 0;
        if (claimed) {
            superpage = claim();
            slice = 0;
            if (superpage < 0) {
                return null;
            }
        }
        if (!superpages.reserveSlabs(superpage) || !superpages.reserveStates(superpage, slice)) {
            if (claimed) {
                superpages.release(superpage);
            }
            return null;
        }
        if (claimed) {
            Collector.takeHints(area, superpage); // inv. 5
            own(superpage);
        } else {
            Collector.takeBits(area, superpage, slice); // inv. 5
        }
        area.setSlabClassRelease(superpage, slice, c);
        if (KillPoint.ENABLED) {
            KillPoint.OPEN_AFTER_CLASS.reach();
        }
        Slab slab = register(superpage, slice, c, 0);
        slab.parkAll();
        listed(slab);
        return slab;
    }

    private int claim() {
        int rested = resting == null ? -1 : resting.take();
        return rested >= 0 ? rested : superpages.claim();
    }

    /** First of {@code n} unused slices, aligned to n; -1 without. */
    private static int room(int used, int n) {
        if (n == 1) {
            return used == -1 ? -1 : Integer.numberOfTrailingZeros(~used);
        }
        for (int s = 0; n < SizeClasses.SLICES && s < SizeClasses.SLICES; s += n) {
            if ((used >>> s & (1 << n) - 1) == 0) {
                return s;
            }
        }
        return -1;
    }

    /** A run for a block of {@code bytes}, no longer parked; null when there is no room. */
    Slab takeRun(long bytes) {
        int n = SizeClasses.superpages(bytes);
        Slab run = keptRun(n);
        if (run != null && (bytes <= run.reservedBytes || reserveRun(run.superpage, bytes))) {
            run.reservedBytes = Math.max(run.reservedBytes, bytes);
            keptRunSuperpages -= run.runLength;
            run.unpark(0);
            taken(run, true);
            return run;
        }
        return openRun(n, bytes);
    }

    /** The shortest kept run of {@code n} to twice as many superpages, the one freed last of these; null without. */
    private Slab keptRun(int n) {
        SlabList kept = withParked[SizeClasses.BIG];
        Slab best = null;
        for (int i = kept.size() - 1; i >= 0 && (best == null || best.runLength > n); i--) {
            Slab run = kept.get(i);
            if (run.runLength >= n && run.runLength <= 2 * n && (best == null || run.runLength < best.runLength)) {
                best = run;
            }
        }
        return best;
    }

    private Slab openRun(int n, long bytes) {
        int first = mayOpen(SizeClasses.BIG, (long) n * SizeClasses.SUPERPAGE_BYTES) ? superpages.claimRun(n) : -1;
        if (first < 0) {
            return null;
        }
        if (!superpages.reserveSlabs(first) || !superpages.reserveStates(first, 0) || !reserveRun(first, bytes)) {
            superpages.releaseRun(first, n);
            return null;
        }
        Collector.takeHints(area, first); // inv. 5
        own(first);
        area.setSlabClassRelease(first, 0, SizeClasses.BIG);
        if (KillPoint.ENABLED) {
            KillPoint.OPEN_AFTER_CLASS.reach();
        }
        Slab run = register(first, 0, SizeClasses.BIG, n);
        run.reservedBytes = bytes;
        return run;
    }

    private boolean reserveRun(int first, long bytes) {
        int slices = (int) ((bytes + SizeClasses.SLICE_BYTES - 1) / SizeClasses.SLICE_BYTES);
        if (kernel != null && bytes >= hugePageBytes && superpages.reserveHuge(first, slices, kernel)) {
            return true;
        }
        for (int superpage = first; slices > 0; superpage++, slices -= SizeClasses.SLICES) {
            if (!superpages.reserveData(superpage, 0, Math.min(slices, SizeClasses.SLICES))) {
                return false;
            }
        }
        return true;
    }

    /** Takes over a superpage that is this heap's by now; its slabs follow by {@link #register}. */
    void own(int superpage) {
        slabs[superpage] = new Slab[SizeClasses.SLICES];
        usedSlices[superpage] = 0;
        if (ownedCount == owned.length) {
            owned = Arrays.copyOf(owned, ownedCount * 2);
        }
        owned[ownedCount++] = superpage;
    }

    /** Adds a slab none of whose blocks is parked yet. */
    Slab register(int superpage, int slice, int c, int runLength) {
        Slab slab = new Slab(superpage, slice, c, runLength);
        if (runLength == 0) {
            names.add(superpage, slice, c);
        }
        slabs[superpage][slice] = slab;
        usedSlices[superpage] |= slab.sliceMask();
        counters.slabsOpened[c]++;
        counters.ownedBytes += slab.span();
        return slab;
    }

    int usedSlices(int superpage) {
        return usedSlices[superpage];
    }

    /** Takes a free block from the stack's side. */
    void park(int id, int c) {
        Slab slab = slabs[Handle.superpage(id)][Handle.slice(id)];
        slab.park(Handle.index(id));
        if (slab.position < 0) {
            listed(slab);
        } else if (slab.isEmpty()) {
            withParked[c].empties++;
        }
        if (slab.isEmpty()) {
            emptied(slab);
        }
    }

    private void listed(Slab slab) {
        SlabList list = withParked[slab.sizeClass];
        list.add(slab);
        if (slab.isEmpty()) {
            list.empties++;
        }
    }

    private void emptied(Slab slab) {
        SlabList list = withParked[slab.sizeClass];
        if (slab.runLength == 0) {
            if (list.empties > retainedEmpties) {
                close(slab);
            }
            return;
        }
        keptRunSuperpages += slab.runLength;
        while (list.size() > KEPT_RUNS || keptRunSuperpages > KEPT_RUN_SUPERPAGES) {
            close(list.get(0));
        }
    }

    /** Closes every slab and run whose blocks are all parked, and gives the superpages left without a slab back. */
    void closeEmpties() {
        closeEach();
        if (resting != null) {
            resting.flush();
        }
    }

    private void closeEach() {
        for (SlabList list : withParked) {
            for (int i = list.size() - 1; i >= 0 && list.empties > 0; i--) {
                if (list.get(i).isEmpty()) {
                    close(list.get(i));
                }
            }
        }
    }

    private void close(Slab slab) {
        int superpage = slab.superpage;
        SlabList list = withParked[slab.sizeClass];
        list.remove(slab);
        list.empties--;
        keptRunSuperpages -= slab.runLength;
        area.setSlabClassRelease(superpage, slab.slice, -1); // inv. 3
        if (KillPoint.ENABLED) {
            KillPoint.CLOSE_AFTER_CLASS.reach();
        }
        if (slab.runLength == 0) {
            names.remove(superpage, slab.slice);
        }
        slabs[superpage][slab.slice] = null;
        usedSlices[superpage] &= ~slab.sliceMask();
        counters.slabsClosed[slab.sizeClass]++;
        counters.ownedBytes -= slab.span();
        if (usedSlices[superpage] == 0) {
            disown(superpage);
            giveBack(superpage, slab.runLength);
        }
    }

    /** Gives a superpage without slabs back, or a whole run. */
    void giveBack(int superpage, int runLength) {
        if (resting != null) {
            if (runLength > 0) {
                superpages.splitRun(superpage, runLength);
            }
            for (int i = 0; i < Math.max(1, runLength); i++) {
                resting.add(superpage + i);
            }
        } else if (runLength > 0) {
            superpages.releaseRun(superpage, runLength);
        } else {
            superpages.release(superpage);
        }
    }

    /** Forgets a superpage without slabs. */
    void disown(int superpage) {
        slabs[superpage] = null;
        for (int i = 0; i < ownedCount; i++) {
            if (owned[i] == superpage) {
                owned[i] = owned[--ownedCount];
                return;
            }
        }
    }
}
