package org.isthmus.allocator.heap;

import java.util.Optional;
import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.segment.KernelPages;

/**
 * How a heap is opened.
 *
 * @param limits what its slow paths obey at first
 * @param mostBytes most bytes of slabs and runs that it may own; beyond them a class only gets its first slab
 * @param keptFree superpages of the node that it leaves to others
 * @param checked whether to watch for overflows and leaks, at several times the cost
 * @param siteHints whether refills follow what each site mostly asks for
 * @param kernel for huge pages and for giving memory back to the kernel; empty without native access
 */
public record HeapOptions(HeapLimits limits, long mostBytes, int keptFree, boolean checked, boolean siteHints,
        Optional<KernelPages> kernel) {
    public HeapOptions {
        DefaultLimits.checked(limits);
        if (mostBytes < 0 || keptFree < 0) {
            throw new IllegalArgumentException(
                    "a heap's most bytes and the superpages that it leaves free are at least 0, got "
                    + mostBytes + " and " + keptFree);
        }
    }

    /** A heap with these limits and no other bound. */
    public static HeapOptions of(HeapLimits limits) {
        return new HeapOptions(limits, Long.MAX_VALUE, 0, false, false, Optional.empty());
    }

    /** These options with another bound on what the heap owns. */
    public HeapOptions withMostBytes(long bytes) {
        return new HeapOptions(limits, bytes, keptFree, checked, siteHints, kernel);
    }

    /** These options with another number of superpages left to others. */
    public HeapOptions withKeptFree(int superpages) {
        return new HeapOptions(limits, mostBytes, superpages, checked, siteHints, kernel);
    }

    /** These options with other limits. */
    public HeapOptions withLimits(HeapLimits other) {
        return new HeapOptions(other, mostBytes, keptFree, checked, siteHints, kernel);
    }

    /** These options with or without the checked mode. */
    public HeapOptions withChecked(boolean watched) {
        return new HeapOptions(limits, mostBytes, keptFree, watched, siteHints, kernel);
    }
}
