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
 */
public record Exposure(Flavor flavor, MemorySegment memory, long offset, long bytes, int unit) {
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
