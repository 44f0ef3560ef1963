package org.isthmus.allocator.heap;

import org.isthmus.allocator.NodePool;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;
import org.isthmus.allocator.slab.SlabDescriptor;

/**
 * Where the parts of a heap area lie in the segment.
 *
 * <pre>
 *  base                                                              reserved
 *  +--------------------+ 4 KiB                                      at creation
 *  | HeaderDescriptor   |
 *  +--------------------+ heaps x 704 B
 *  | HeapDescriptor[]   |
 *  +--------------------+ a bit for each superpage, to whole lines
 *  | free superpages    |
 *  +--------------------+ superpages x 64 B, to whole pages
 *  | SuperpageDescriptor[]
 *  +--------------------+ superpages x 8 KiB                         with a superpage's first claim
 *  | SlabDescriptor[32], pending slices
 *  +--------------------+ slices x 4 KiB                             with a slice's first slab
 *  | state words        |
 *  +--------------------+ aligned to 2 MiB; superpages x 2 MiB       slice by slice, with the first block
 *  | blocks             |
 *  +--------------------+ end
 * </pre>
 *
 * The page of state words of a slab's first slice holds one for each block, side by side whatever their size: a
 * stream of blocks moves sixteen of them with one line. Little-endian; natural alignment.
 */
final class HeapLayout {
    static final int STATE_PAGE = 4096;
    /** Of an id superpage and slice. */
    private static final long SLICES_OF_ID = Integer.MAX_VALUE & ~Handle.INDEX_MASK;

    final int heaps;
    final int superpages;
    final long base;
    final long heapsOffset;
    final long freeOffset;
    final long superpagesOffset;
    final long slabsOffset;
    final long statesOffset;
    final long dataOffset;
    final long end;

    HeapLayout(long base, int heaps, int superpages) {
        this.base = base;
        this.heaps = heaps;
        this.superpages = superpages;
        heapsOffset = base + HeaderDescriptor.BYTES;
        freeOffset = heapsOffset + (long) heaps * HeapDescriptor.BYTES;
        superpagesOffset = freeOffset + freeWords() * 8L + 63 & -64;
        slabsOffset = NodePool.roundUp(superpagesOffset + (long) superpages * SuperpageDescriptor.BYTES);
        statesOffset = slabsOffset + (long) superpages * SlabDescriptor.SUPERPAGE_BYTES;
        long states = statesOffset + (long) superpages * SizeClasses.SLICES * STATE_PAGE;
        dataOffset = states + SizeClasses.SUPERPAGE_BYTES - 1 & -(long) SizeClasses.SUPERPAGE_BYTES;
        end = dataOffset + (long) superpages * SizeClasses.SUPERPAGE_BYTES;
    }

    /** Most superpages of an area that, beginning at {@code base}, takes at most {@code bytes} of addresses. */
    static int superpagesWithin(long base, int heaps, long bytes) {
        long low = 0;
        long high = Math.min(bytes / SizeClasses.SUPERPAGE_BYTES, Handle.MAX_SUPERPAGES);
        while (low < high) {
            int middle = (int) ((low + high + 1) / 2);
            if (new HeapLayout(base, heaps, middle).end - base <= bytes) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return (int) low;
    }

    /** Words of the bitmap of free superpages. */
    int freeWords() {
        return (superpages + 63) / 64;
    }

    long freeWord(int word) {
        return freeOffset + word * 8L;
    }

    long heap(int heap) {
        return heapsOffset + (long) heap * HeapDescriptor.BYTES;
    }

    long superpage(int superpage) {
        return superpagesOffset + (long) superpage * SuperpageDescriptor.BYTES;
    }

    long slab(int superpage, int slice) {
        return slabsOffset + (long) superpage * SlabDescriptor.SUPERPAGE_BYTES + slice * SlabDescriptor.BYTES;
    }

    long pendingSlices(int superpage) {
        return slabsOffset + (long) superpage * SlabDescriptor.SUPERPAGE_BYTES + SlabDescriptor.PENDING_SLICES_OFFSET;
    }

    long statePage(int superpage, int slice) {
        return statesOffset + ((long) superpage * SizeClasses.SLICES + slice) * STATE_PAGE;
    }

    /** The state word of block {@code id}. */
    long state(int id) {
        return statesOffset + stateOf(id);
    }

    /** The state word of a block by its handle or id, from {@link #statesOffset} on. */
    static long stateOf(long handle) {
        // A page has as many words as an index has values, so an id counts words.
        return (handle & Integer.MAX_VALUE) * Integer.BYTES;
    }

    /** The first byte of a block. */
    long block(long handle) {
        return dataOffset + blockOf(handle);
    }

    /** The same from {@link #dataOffset} on. */
    static long blockOf(long handle) {
        return ((handle & SLICES_OF_ID) << 16 - Handle.SLICE_SHIFT)
                + (handle & Handle.INDEX_MASK) * Handle.blockBytes(handle); // of a run the index is 0
    }

    long slice(int superpage, int slice) {
        return dataOffset + (long) superpage * SizeClasses.SUPERPAGE_BYTES + (long) slice * SizeClasses.SLICE_BYTES;
    }
}
