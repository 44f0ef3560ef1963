package org.isthmus.allocator.heap;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * One line for each superpage: whose it is, and which of its memory has pages.
 *
 * <pre>
 *    0 +-------------------------------+
 *      | owner word : int64            |  compare-and-set by claimer, owner and adopter: SYNC(superpage.owner)
 *    8 | data pages : int32            |  owner, a bit for each slice, after the pages are reserved; never cleared
 *   12 | state pages : int32           |  owner, likewise, with release: SYNC(superpage.pages)
 *   16 | slab page : int32             |  owner, likewise; 1 once slab descriptors have pages
 *      | pad                           |
 *   64 +-------------------------------+
 *
 *  owner     63   40 39        24 23  16 15      0
 *            +-------+------------+------+---------+
 *            | epoch | run length | kind | heap    |
 *            +-------+------------+------+---------+
 * </pre>
 *
 * Kinds: FREE, nobody's; SLABS, cut into slabs; RUN, the first of a Big block's; TAIL, a further one of it. The epoch
 * grows with every change, so that no owner word comes twice. The run length is that of a RUN, else 0.
 */
final class SuperpageDescriptor {
    static final int FREE = 0;
    static final int SLABS = 1;
    static final int RUN = 2;
    static final int TAIL = 3;

    static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("owner"), ValueLayout.JAVA_INT.withName("dataPages"),
            ValueLayout.JAVA_INT.withName("statePages"), ValueLayout.JAVA_INT.withName("slabPage"),
            MemoryLayout.paddingLayout(44));

    static final int BYTES = (int) LAYOUT.byteSize();
    static final long OWNER_OFFSET = offset("owner");
    static final long DATA_PAGES_OFFSET = offset("dataPages");
    static final long STATE_PAGES_OFFSET = offset("statePages");
    static final long SLAB_PAGE_OFFSET = offset("slabPage");

    private static final int KIND_SHIFT = 16;
    private static final int LENGTH_SHIFT = 24;
    private static final int EPOCH_SHIFT = 40;
    /** Longest run in superpages. */
    static final int MAX_RUN = 0xffff;

    private SuperpageDescriptor() {}

    private static long offset(String field) {
        return LAYOUT.byteOffset(PathElement.groupElement(field));
    }

    static int kind(long owner) {
        return (int) (owner >>> KIND_SHIFT) & 0xff;
    }

    static int heap(long owner) {
        return (int) owner & 0xffff;
    }

    static int runLength(long owner) {
        return (int) (owner >>> LENGTH_SHIFT) & MAX_RUN;
    }

    /** The owner word that may follow {@code owner}. */
    static long next(long owner, int kind, int heap, int runLength) {
        return (owner >>> EPOCH_SHIFT) + 1 << EPOCH_SHIFT | (long) runLength << LENGTH_SHIFT | (long) kind << KIND_SHIFT
                | heap;
    }
}
