package org.isthmus.comm.rma;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Where the members of a window have their memory, as they told each other at its creation. Immutable.
 *
 * @param flavor of the window
 * @param bytes window of each member
 * @param units bytes of a unit of displacement of each
 * @param direct memory of each member that this process reaches, else null
 * @param lockIndices which lock word of this node is each member's, -1 for members elsewhere
 * @param far where in its node's segment the memory of each member on another node lies that needs no help of its
 *     owner, -1 for all others
 * @param farAtomics whether atomic operations on it need none either
 * @param isServed whether this process has memory that some member does not reach
 */
record WindowLayout(Exposure.Flavor flavor, long[] bytes, int[] units, WindowMemory[] direct, int[] lockIndices,
        long[] far, boolean[] farAtomics, boolean isServed) {
    boolean isDynamic() {
        return flavor == Exposure.Flavor.DYNAMIC;
    }

    boolean isShared() {
        return flavor == Exposure.Flavor.SHARED;
    }

    long bytes(int rank) {
        return bytes[rank];
    }

    int unit(int rank) {
        return units[rank];
    }

    int lockIndex(int rank) {
        return lockIndices[rank];
    }

    /** Refuses elements that do not lie in the window of {@code target}; of a dynamic one the target judges. */
    void check(int target, long disp, int count, TypeMap type) {
        WindowMemory.check(disp, units[target], isDynamic() ? Long.MAX_VALUE : bytes[target], count, type);
    }
}
