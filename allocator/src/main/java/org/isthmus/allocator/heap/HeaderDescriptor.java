package org.isthmus.allocator.heap;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * The first page of a heap area.
 *
 * <pre>
 *    0 +-------------------------------+
 *      | magic : int64                 |  creator, plain
 *    8 | version : int32               |  creator, last, with release: SYNC(heap.ready)
 *   12 | heaps : int32                 |  creator, plain
 *   16 | superpages : int32            |  creator, plain
 *      | pad                           |
 *   64 | sweep epoch : int64           |  reapers, get-and-add, after they have changed states: SYNC(heap.sweep)
 *      | pad                           |
 *  128 | reaper's lease : int64        |  reapers, compare-and-set; 0 none, else heap + 1 and its generation above
 *      | pad                           |
 * 4096 +-------------------------------+
 * </pre>
 */
final class HeaderDescriptor {
    static final long MAGIC = 0x70616568_6d687473L;
    static final int VERSION = 2;

    static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("magic"), ValueLayout.JAVA_INT.withName("version"),
            ValueLayout.JAVA_INT.withName("heaps"), ValueLayout.JAVA_INT.withName("superpages"),
            MemoryLayout.paddingLayout(44),
            ValueLayout.JAVA_LONG.withName("sweepEpoch"), MemoryLayout.paddingLayout(56),
            ValueLayout.JAVA_LONG.withName("lease"), MemoryLayout.paddingLayout(4096 - 136));

    static final int BYTES = (int) LAYOUT.byteSize();
    static final long MAGIC_OFFSET = offset("magic");
    static final long VERSION_OFFSET = offset("version");
    static final long HEAPS_OFFSET = offset("heaps");
    static final long SUPERPAGES_OFFSET = offset("superpages");
    static final long SWEEP_EPOCH_OFFSET = offset("sweepEpoch");
    static final long LEASE_OFFSET = offset("lease");

    private HeaderDescriptor() {}

    private static long offset(String field) {
        return LAYOUT.byteOffset(PathElement.groupElement(field));
    }
}
