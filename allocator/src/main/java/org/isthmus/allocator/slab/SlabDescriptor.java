package org.isthmus.allocator.slab;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * One for each slice; that of a slab's first slice speaks for the slab. 32 of them and one more line make the two pages
 * of a superpage.
 *
 * <pre>
 *     0 +-------------------------------+
 *       | class + 1 : int32             |  owner, when the slab opens and closes, release; 0 no slab begins here
 *       | pad                           |
 *    64 | pending : int64[16]           |  bit i of word w: block 64 w + i may be RETURNED; set by freers, taken by its
 *       |                               |  owner
 *   192 +-------------------------------+
 *       | ... 31 more                   |
 *  6144 +-------------------------------+
 *       | pending slices : int64        |  bit s: pending words of slice s may be non-zero; set by freers, taken by its
 *       |                               |  owner
 *       | pad to two pages              |
 *  8192 +-------------------------------+
 * </pre>
 *
 * Pending bits are hints to the owner; whether a block is returned says its state word alone.
 */
public final class SlabDescriptor {
    public static final int PENDING_WORDS = 16;

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("class"), MemoryLayout.paddingLayout(60),
            MemoryLayout.sequenceLayout(PENDING_WORDS, ValueLayout.JAVA_LONG).withName("pending"));
    public static final StructLayout SUPERPAGE = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(SizeClasses.SLICES, LAYOUT).withName("slabs"),
            ValueLayout.JAVA_LONG.withName("pendingSlices"), MemoryLayout.paddingLayout(2040));

    public static final long BYTES = LAYOUT.byteSize();
    public static final long SUPERPAGE_BYTES = SUPERPAGE.byteSize();
    public static final long CLASS_OFFSET = LAYOUT.byteOffset(PathElement.groupElement("class"));
    public static final long PENDING_OFFSET = LAYOUT.byteOffset(PathElement.groupElement("pending"));
    public static final long PENDING_SLICES_OFFSET =
            SUPERPAGE.byteOffset(PathElement.groupElement("pendingSlices"));

    private SlabDescriptor() {}
}
