package org.isthmus.allocator.heap;

import java.lang.foreign.MemorySegment;
import org.isthmus.allocator.NodePool;
import org.isthmus.allocator.segment.SegmentFullException;
import org.isthmus.allocator.segment.SharedWords;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;
import org.isthmus.allocator.slab.SlabDescriptor;
import org.isthmus.allocator.slab.StateWord;

/**
 * The part of a node segment that the heaps of all its ranks share ({@link HeapLayout}): accessors of its words, each
 * with its ordering in its name. Thread-safe.
 *
 * <p>Assumptions: one process creates the area and tells the others its base. Guarantees: only ranges with pages are
 * touched. The owner words of superpages ({@link SuperpageDescriptor}) and the state words of blocks
 * ({@link StateWord}) are the truth; free-superpage bits and pending bits are hints that lead to them.
 */
public final class HeapArea {
    /** Most heaps of an area. */
    public static final int MAX_HEAPS = StateWord.MAX_HOLDER + 1;

    final MemorySegment memory;
    private final SharedWords words;
    final HeapLayout layout;
    private final NodePool pool;

    private HeapArea(NodePool pool, HeapLayout layout) {
        this(pool, pool.memory(), layout);
    }

    HeapArea(NodePool pool, MemorySegment memory, HeapLayout layout) {
        this.pool = pool;
        this.memory = memory;
        this.words = new SharedWords(memory);
        this.layout = layout;
    }

    /** The words from {@link HeapLayout#statesOffset} on, for hit paths. */
    SharedWords states() {
        return words.from(layout.statesOffset);
    }

    /**
     * Makes an area.
     *
     * @param heaps how many ranks (or other threads with a heap of their own) may use it, 1 to {@link #MAX_HEAPS}
     * @param addressBytes addresses of the pool's window that it takes, at least 6 MiB; memory follows use
     * @throws SegmentFullException when the window or the file system has no room
     */
    public static HeapArea create(NodePool pool, int heaps, long addressBytes) {
        if (heaps < 1 || heaps > MAX_HEAPS) {
            throw new IllegalArgumentException("an area has 1 to " + MAX_HEAPS + " heaps, asked for " + heaps);
        }
        int superpages = HeapLayout.superpagesWithin(SizeClasses.SUPERPAGE_BYTES - NodePool.PAGE, heaps,
                addressBytes - SizeClasses.SUPERPAGE_BYTES);
        if (superpages < 1) {
            throw new IllegalArgumentException("an area of " + addressBytes
                    + " bytes of addresses has room for no superpage; give it at least "
                    + 3L * SizeClasses.SUPERPAGE_BYTES);
        }
        long base = pool.allocateAddresses(addressBytes, 0);
        HeapLayout layout = new HeapLayout(base, heaps, superpages);
        pool.reserve(base, layout.slabsOffset - base);
        HeapArea area = new HeapArea(pool, layout);
        for (int word = 0; word < layout.freeWords(); word++) {
            int left = superpages - word * 64;
            area.words.set(layout.freeWord(word), left >= 64 ? -1L : (1L << left) - 1);
        }
        area.words.set(base + HeaderDescriptor.MAGIC_OFFSET, HeaderDescriptor.MAGIC);
        area.words.setInt(base + HeaderDescriptor.HEAPS_OFFSET, heaps);
        area.words.setInt(base + HeaderDescriptor.SUPERPAGES_OFFSET, superpages);
        // SYNC(heap.ready): all of the above
        area.words.setIntRelease(base + HeaderDescriptor.VERSION_OFFSET, HeaderDescriptor.VERSION);
        return area;
    }

    /** The area that another process has made at {@code base}. */
    public static HeapArea attach(NodePool pool, long base) {
        MemorySegment memory = pool.memory();
        SharedWords words = new SharedWords(memory);
        if (base < 0 || base % NodePool.PAGE != 0 || base > memory.byteSize() - HeaderDescriptor.BYTES) {
            throw new IllegalArgumentException("no heap area begins at offset " + base + " of a segment of "
                    + memory.byteSize() + " bytes");
        }
        // SYNC(heap.ready): everything below is complete
        int version = words.getIntAcquire(base + HeaderDescriptor.VERSION_OFFSET);
        long magic = words.get(base + HeaderDescriptor.MAGIC_OFFSET);
        int heaps = words.getInt(base + HeaderDescriptor.HEAPS_OFFSET);
        int superpages = words.getInt(base + HeaderDescriptor.SUPERPAGES_OFFSET);
        if (version != HeaderDescriptor.VERSION || magic != HeaderDescriptor.MAGIC || heaps < 1 || heaps > MAX_HEAPS
                || superpages < 1 || superpages > Handle.MAX_SUPERPAGES
                || new HeapLayout(base, heaps, superpages).end > memory.byteSize()) {
            throw new IllegalArgumentException("no heap area of version " + HeaderDescriptor.VERSION
                    + " at offset " + base + ": magic " + Long.toHexString(magic) + ", version " + version
                    + ", heaps " + heaps + ", superpages " + superpages + "; use the same isthmus.jar in all ranks");
        }
        return new HeapArea(pool, new HeapLayout(base, heaps, superpages));
    }

    /** Where the area begins: what {@link #attach} needs. */
    public long base() {
        return layout.base;
    }

    /** Heaps that the area has room for. */
    public int heaps() {
        return layout.heaps;
    }

    /** Superpages of 2 MiB that the area has. */
    public int superpages() {
        return layout.superpages;
    }

    /** The segment, whole: what offsets of blocks refer to. */
    public MemorySegment memory() {
        return memory;
    }

    /**
     * Says that the process of a heap is dead. The caller has proof of it: a lock released by the kernel, a reaped
     * child.
     *
     * @return false if the heap was not alive
     */
    public boolean markDead(int heap) {
        checkHeap(heap);
        long control = control(heap);
        return HeapDescriptor.status(control) == HeapDescriptor.ALIVE
                && casControl(heap, control, HeapDescriptor.withStatus(control, HeapDescriptor.DEAD));
    }

    /** Whether a heap was marked dead and not all that it held has been taken back yet. */
    public boolean isUnreaped(int heap) {
        checkHeap(heap);
        return HeapDescriptor.status(control(heap)) == HeapDescriptor.DEAD;
    }

    /**
     * Whether a range that another process names is safe to touch: within this area's blocks, every slice of it with
     * pages.
     */
    public boolean holds(long offset, long bytes) {
        if (offset < layout.dataOffset || bytes < 0 || offset > layout.end - bytes) {
            return false;
        }
        long end = (offset - layout.dataOffset + bytes + SizeClasses.SLICE_BYTES - 1) / SizeClasses.SLICE_BYTES;
        for (long slice = (offset - layout.dataOffset) / SizeClasses.SLICE_BYTES; slice < end; slice++) {
            int pages = pagesAcquire((int) (slice / SizeClasses.SLICES), SuperpageDescriptor.DATA_PAGES_OFFSET);
            if ((pages >>> slice & 1) == 0) {
                return false;
            }
        }
        return true;
    }

    void checkHeap(int heap) {
        if (heap < 0 || heap >= layout.heaps) {
            throw new IllegalArgumentException("heap " + heap + " of an area with heaps 0 to " + (layout.heaps - 1));
        }
    }

    /** Whether a heap is in use, and its process not known to be dead. */
    public boolean isAlive(int heap) {
        return heap < layout.heaps && HeapDescriptor.status(control(heap)) == HeapDescriptor.ALIVE;
    }

    long control(int heap) {
        return volatileLong(layout.heap(heap) + HeapDescriptor.CONTROL_OFFSET);
    }

    boolean casControl(int heap, long expected, long control) {
        return casLong(layout.heap(heap) + HeapDescriptor.CONTROL_OFFSET, expected, control);
    }

    /** SYNC(superpage.owner): what the former owner stored is visible. */
    long ownerVolatile(int superpage) {
        return volatileLong(layout.superpage(superpage) + SuperpageDescriptor.OWNER_OFFSET);
    }

    /** SYNC(superpage.owner): what this process stored is visible to the next owner. */
    boolean casOwner(int superpage, long expected, long owner) {
        return casLong(layout.superpage(superpage) + SuperpageDescriptor.OWNER_OFFSET, expected, owner);
    }

    int pagesPlain(int superpage, long field) {
        return words.getInt(layout.superpage(superpage) + field);
    }

    /** SYNC(superpage.pages): the pages may be touched. */
    int pagesAcquire(int superpage, long field) {
        return words.getIntAcquire(layout.superpage(superpage) + field);
    }

    /** SYNC(superpage.pages): the pages are there. */
    void setPagesRelease(int superpage, long field, int bits) {
        words.setIntRelease(layout.superpage(superpage) + field, bits);
    }

    /** SYNC(slab.class): class of the slab that begins at a slice, -1 none; the slab page must be there. */
    int slabClassAcquire(int superpage, int slice) {
        return words.getIntAcquire(layout.slab(superpage, slice) + SlabDescriptor.CLASS_OFFSET) - 1;
    }

    /** SYNC(slab.class): opens a slab, or closes it with -1; all its states are FREE. */
    void setSlabClassRelease(int superpage, int slice, int sizeClass) {
        words.setIntRelease(layout.slab(superpage, slice) + SlabDescriptor.CLASS_OFFSET, sizeClass + 1);
    }

    int statePlain(long address) {
        return words.getInt(address);
    }

    /** SYNC(block.return): the holder's accesses to the block come before what follows. */
    int stateAcquire(long address) {
        return words.getIntAcquire(address);
    }

    void setStatePlain(long address, int state) {
        words.setInt(address, state);
    }

    /** SYNC(block.return): the holder's accesses to the block are over. */
    void setStateRelease(long address, int state) {
        words.setIntRelease(address, state);
    }

    boolean casState(long address, int expected, int state) {
        return words.compareAndSetInt(address, expected, state);
    }

    long volatileLong(long address) {
        return words.getVolatile(address);
    }

    boolean casLong(long address, long expected, long value) {
        return words.compareAndSet(address, expected, value);
    }

    /** SYNC(heap.pending), setter's side: sets bits and tells what was set before. */
    long or(long address, long bits) {
        long old = words.getVolatile(address);
        while ((old & bits) != bits && !words.compareAndSet(address, old, old | bits)) {
            old = words.getVolatile(address);
        }
        return old;
    }

    /** SYNC(heap.pending), owner's side: takes all bits of a word. */
    long take(long address) {
        return words.getVolatile(address) == 0 ? 0 : words.getAndSet(address, 0L);
    }

    /** SYNC(heap.sweep): the states that a reaper changed before it raised the epoch are visible. */
    long sweepEpochAcquire() {
        return words.getAcquire(layout.base + HeaderDescriptor.SWEEP_EPOCH_OFFSET);
    }

    /** SYNC(heap.sweep): asks every owner to look through its states. */
    void raiseSweepEpoch() {
        words.getAndAdd(layout.base + HeaderDescriptor.SWEEP_EPOCH_OFFSET, 1L);
    }

    /** Gives pages to a range; false when the node has none left, which is an answer here and counted by the caller. */
    boolean reserve(long offset, long bytes) {
        try {
            pool.reserve(offset, bytes);
            return true;
        } catch (SegmentFullException full) {
            return false;
        }
    }
}
