package org.isthmus.allocator.heap;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * What the others know of one heap.
 *
 * <pre>
 *    0 +-------------------------------+
 *      | control : int64               |  compare-and-set: FREE to ALIVE by its rank, ALIVE to DEAD by whoever has the
 *      | pad                           |  proof, DEAD to REAPED by the reaper, ALIVE to FREE by its rank at its end
 *   64 | pending top : int64           |  bit i: middle[i] may be non-zero; set by freers, taken whole by the owner
 *      | pad                           |
 *  128 | pending middle : int64[64]    |  bit j of word i: superpages p, p mod 4096 = 64 i + j, may have pending slices
 *  640 | pad to a line                 |
 *  704 +-------------------------------+
 *
 *  control   63         8 7      0
 *            +-----------+--------+
 *            | generation| status |
 *            +-----------+--------+
 * </pre>
 */
final class HeapDescriptor {
    static final int FREE = 0;
    static final int ALIVE = 1;
    static final int DEAD = 2;
    static final int REAPED = 3;

    static final int MIDDLE_WORDS = 64;
    /** Superpages that share a bit of the middle level lie this many apart. */
    static final int MIDDLE_BITS = MIDDLE_WORDS * 64;

    static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("control"), MemoryLayout.paddingLayout(56),
            ValueLayout.JAVA_LONG.withName("top"), MemoryLayout.paddingLayout(56),
            MemoryLayout.sequenceLayout(MIDDLE_WORDS, ValueLayout.JAVA_LONG).withName("middle"),
            MemoryLayout.paddingLayout(64));

    static final int BYTES = (int) LAYOUT.byteSize();
    static final long CONTROL_OFFSET = offset("control");
    static final long TOP_OFFSET = offset("top");
    static final long MIDDLE_OFFSET = offset("middle");

    private static final int STATUS_BITS = 8;

    private HeapDescriptor() {}

    private static long offset(String field) {
        return LAYOUT.byteOffset(PathElement.groupElement(field));
    }

    static int status(long control) {
        return (int) control & (1 << STATUS_BITS) - 1;
    }

    static long generation(long control) {
        return control >>> STATUS_BITS;
    }

    static long withStatus(long control, int status) {
        return generation(control) << STATUS_BITS | status;
    }

    /** A new life of the slot. */
    static long nextLife(long control) {
        return generation(control) + 1 << STATUS_BITS | ALIVE;
    }
}
