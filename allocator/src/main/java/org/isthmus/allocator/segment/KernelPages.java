package org.isthmus.allocator.segment;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * What only the kernel can do with ranges of a mapped segment: back them by huge pages, take their memory back. Ranges
 * are whole pages. Thread-safe.
 */
public final class KernelPages {
    private static final KernelPages HERE = new KernelPages();

    private KernelPages() {}

    /** Present on Linux where native access is enabled for this code. */
    public static Optional<KernelPages> ofThisProcess() {
        boolean usable = KernelPages.class.getModule().isNativeAccessEnabled()
                && System.getProperty("os.name").equals("Linux");
        return usable ? Optional.of(HERE) : Optional.empty();
    }

    /**
     * Gives zeroed pages to a range that has none yet, huge ones if the segment's file system is mounted with them.
     *
     * @return false if the kernel does not know how or has no room; the range may then have pages in part
     */
    public boolean populateHuge(MemorySegment memory, long offset, long length) {
        long address = memory.asSlice(offset, length).address();
        // refused where huge pages are off: pages stay small
        MemoryNative.advise(address, length, MemoryNative.HUGE_PAGE);
        return MemoryNative.advise(address, length, MemoryNative.POPULATE_WRITE);
    }

    /** Takes the memory of a range back, which reads as zeros from now on; false if the kernel does not know how. */
    public boolean release(MemorySegment memory, long offset, long length) {
        return MemoryNative.advise(memory.asSlice(offset, length).address(), length, MemoryNative.REMOVE);
    }
}
