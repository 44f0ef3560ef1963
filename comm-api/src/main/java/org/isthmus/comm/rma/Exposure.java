package org.isthmus.comm.rma;

import java.lang.foreign.MemorySegment;

/**
 * What a process brings into a new window.
 *
 * @param flavor equal on all members
 * @param memory its memory, the node's data segment or any other; null when the window is to allocate it
 * @param offset of the window in {@code memory}
 * @param bytes of the window
 * @param unit bytes of a unit of displacement
 * @param joined whether memory that a window of flavor SHARED allocates follows that of the rank before without a gap
 */
public record Exposure(Flavor flavor, MemorySegment memory, long offset, long bytes, int unit, boolean joined) {
    public Exposure(Flavor flavor, MemorySegment memory, long offset, long bytes, int unit) {
        this(flavor, memory, offset, bytes, unit, false);
    }

    /** How the window came by its memory (MPI 3.1, sections 11.2.1 to 11.2.4). */
    public enum Flavor {
        CREATE,
        ALLOCATE,
        /** All members share a node and reach each other's memory directly. */
        SHARED,
        /** Memory is attached later. */
        DYNAMIC
    }
}
