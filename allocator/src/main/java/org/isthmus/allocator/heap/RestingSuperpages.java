package org.isthmus.allocator.heap;

import org.isthmus.allocator.policy.ReleaseBatch;
import org.isthmus.allocator.segment.KernelPages;
import org.isthmus.allocator.slab.SizeClasses;

/**
 * Superpages that a heap has emptied but still owns, until enough have gathered: then the kernel gets their memory back
 * in one call for neighbours, and the node the superpages. One that is needed before that is taken back with its pages.
 *
 * <p>Invariant: the page bits of a superpage are cleared before its memory goes, so a heap killed in between leaves
 * superpages whose next owner reserves pages again. Owner's thread only.
 */
final class RestingSuperpages {
    private final HeapArea area;
    private final Superpages superpages;
    private final KernelPages kernel;
    private final ReleaseBatch batch = new ReleaseBatch(this::release);
    private long batchBytes;

    RestingSuperpages(HeapArea area, Superpages superpages, KernelPages kernel) {
        this.area = area;
        this.superpages = superpages;
        this.kernel = kernel;
    }

    void setBatchBytes(long bytes) {
        batchBytes = bytes;
    }

    /** @param superpage one of kind SLABS without a slab */
    void add(int superpage) {
        batch.add(area.layout.slice(superpage, 0), SizeClasses.SUPERPAGE_BYTES, batchBytes);
    }

    /** One of them for use again, or -1. */
    int take() {
        long offset = batch.takeBack(SizeClasses.SUPERPAGE_BYTES, SizeClasses.SUPERPAGE_BYTES);
        return offset < 0 ? -1 : superpage(offset);
    }

    void flush() {
        batch.flush();
    }

    private int superpage(long offset) {
        return (int) ((offset - area.layout.dataOffset) / SizeClasses.SUPERPAGE_BYTES);
    }

    private void release(long offset, long length) {
        int first = superpage(offset);
        int end = superpage(offset + length);
        for (int superpage = first; superpage < end; superpage++) {
            area.setPagesRelease(superpage, SuperpageDescriptor.DATA_PAGES_OFFSET, 0);
        }
        if (!kernel.release(area.memory, offset, length)) {
            throw new IllegalStateException("the kernel did not take back " + length + " bytes at offset " + offset
                    + " of the node segment (madvise MADV_REMOVE): its file system is no tmpfs; set"
                    + " isthmus.shm.dir to one");
        }
        for (int superpage = first; superpage < end; superpage++) {
            superpages.release(superpage);
        }
    }
}
