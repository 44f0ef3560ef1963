package org.isthmus.allocator.policy;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * Layout of the ring of policy snapshots: one page of the segment. Native byte order: only processes of one machine map
 * it.
 *
 * <pre>
 *     0  +----------------------------------------------------+
 *        | sequence u64    | unused                           |
 *    64  +----------------------------------------------------+
 *        | snapshot 0 (960 bytes): sequence numbers 0, 4, 8 …  |
 *  1024  +----------------------------------------------------+
 *        | snapshot 1: 1, 5, 9 …                               |
 *  1984  +----------------------------------------------------+
 *        | snapshot 2                                         |
 *  2944  +----------------------------------------------------+
 *        | snapshot 3                                         |
 *  3904  +----------------------------------------------------+
 *
 *  snapshot
 *    0  generation        u64
 *    8  classes           u32
 *   12  flushBatch        u32
 *   16  retainedSlabs     u32
 *   20  zeroBytes         u32
 *   24  maxWaste          f64
 *   32  hugePageBytes     u64
 *   40  releaseBatchBytes u64
 *   48  stacks            { capacity u32, batch u32 } [114]
 * </pre>
 *
 * Everything is written by the one learning process: snapshots plain, the sequence with release, SYNC(policy.publish).
 * A zeroed page is a ring in which nothing has been published.
 */
public final class PolicyRingDescriptor {
    public static final int BYTES = 4096;
    public static final int SNAPSHOTS = 4;
    /** Most size classes that a snapshot can describe. */
    public static final int MAX_CLASSES = 114;

    public static final StructLayout SNAPSHOT = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("generation"),
            ValueLayout.JAVA_INT.withName("classes"),
            ValueLayout.JAVA_INT.withName("flushBatch"),
            ValueLayout.JAVA_INT.withName("retainedSlabs"),
            ValueLayout.JAVA_INT.withName("zeroBytes"),
            ValueLayout.JAVA_DOUBLE.withName("maxWaste"),
            ValueLayout.JAVA_LONG.withName("hugePageBytes"),
            ValueLayout.JAVA_LONG.withName("releaseBatchBytes"),
            MemoryLayout.sequenceLayout(MAX_CLASSES, MemoryLayout.structLayout(
                    ValueLayout.JAVA_INT.withName("capacity"),
                    ValueLayout.JAVA_INT.withName("batch"))).withName("stacks"));

    public static final StructLayout RING = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("sequence"),
            MemoryLayout.paddingLayout(56),
            MemoryLayout.sequenceLayout(SNAPSHOTS, SNAPSHOT).withName("snapshots"));

    public static final long SEQUENCE_OFFSET = RING.byteOffset(MemoryLayout.PathElement.groupElement("sequence"));
    public static final long GENERATION_OFFSET = offset("generation");
    public static final long CLASSES_OFFSET = offset("classes");
    public static final long FLUSH_BATCH_OFFSET = offset("flushBatch");
    public static final long RETAINED_SLABS_OFFSET = offset("retainedSlabs");
    public static final long ZERO_BYTES_OFFSET = offset("zeroBytes");
    public static final long MAX_WASTE_OFFSET = offset("maxWaste");
    public static final long HUGE_PAGE_BYTES_OFFSET = offset("hugePageBytes");
    public static final long RELEASE_BATCH_BYTES_OFFSET = offset("releaseBatchBytes");

    private static final long STACKS_OFFSET = offset("stacks");
    private static final long STACK_BYTES = 2 * ValueLayout.JAVA_INT.byteSize();

    private PolicyRingDescriptor() {}

    /** Offset in the ring of the snapshot with this sequence number. */
    static long snapshot(long sequence) {
        return RING.byteOffset(MemoryLayout.PathElement.groupElement("snapshots"),
                MemoryLayout.PathElement.sequenceElement(sequence & (SNAPSHOTS - 1)));
    }

    /** Offset in a snapshot of a class's stack capacity. */
    static long capacity(int sizeClass) {
        return STACKS_OFFSET + sizeClass * STACK_BYTES;
    }

    /** Offset in a snapshot of a class's refill batch. */
    static long batch(int sizeClass) {
        return capacity(sizeClass) + ValueLayout.JAVA_INT.byteSize();
    }

    private static long offset(String field) {
        return SNAPSHOT.byteOffset(MemoryLayout.PathElement.groupElement(field));
    }
}
