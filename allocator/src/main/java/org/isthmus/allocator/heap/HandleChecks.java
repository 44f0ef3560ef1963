package org.isthmus.allocator.heap;

import java.util.Arrays;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;

/**
 * Finds the state words of handles that come from other processes, after every check that lets the word be touched.
 * Whether the block is what the handle says, the state word decides. One thread.
 *
 * <p>Slabs that were found once are remembered: their pages of states stay, whatever becomes of the slab.
 */
final class HandleChecks {
    private static final byte[] NOTHING = new byte[SizeClasses.SLICES];

    private final HeapArea area;
    private final HeapLayout layout;
    /** For each superpage and slice, class + 1 of the slab that was last found there; 0 none. */
    private final byte[][] found;

    HandleChecks(HeapArea area) {
        this.area = area;
        this.layout = area.layout;
        this.found = new byte[layout.superpages][];
        Arrays.fill(found, NOTHING);
    }

    /** @throws BadHandleException if there is no such block */
    long state(long handle) {
        int id = Handle.id(handle);
        int c = Handle.sizeClass(handle);
        int superpage = Handle.superpage(id);
        if (superpage < found.length && c >= 0 && found[superpage][Handle.slice(id)] == c + 1
                && Handle.index(id) < SizeClasses.capacity(c) && Handle.hasNoUnusedBits(handle)) {
            return layout.state(id);
        }
        return look(handle, id, c);
    }

    private long look(long handle, int id, int c) {
        if (!Handle.isWellFormed(handle, layout.superpages)) {
            throw new BadHandleException(Handle.describe(handle) + " is damaged: the area has superpages 0 to "
                    + (layout.superpages - 1) + "; use only what allocate returned");
        }
        int superpage = Handle.superpage(id);
        int states = area.pagesAcquire(superpage, SuperpageDescriptor.STATE_PAGES_OFFSET);
        long word = layout.state(id);
        int slice = Handle.slice(id);
        if ((states >>> slice & 1) == 0 || area.slabClassAcquire(superpage, slice) != c) {
            throw new BadHandleException(Handle.describe(handle)
                    + " names no block: there is no slab of this class; it is stale or damaged");
        }
        if (found[superpage] == NOTHING) {
            found[superpage] = new byte[SizeClasses.SLICES];
        }
        found[superpage][slice] = (byte) (c + 1);
        return word;
    }
}
