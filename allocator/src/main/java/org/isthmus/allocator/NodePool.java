package org.isthmus.allocator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.isthmus.allocator.segment.SegmentFile;

/**
 * The node's supply of segment memory: hands out extents, whole pages that become the property of the caller's rank.
 *
 * <p>Shared state is one word, the end of what has been handed out; a rank takes an extent with one fetch-and-add, so a
 * rank killed in between loses that extent and hinders nobody. Thread-safe.
 *
 * <p>Invariants: (1) extents never overlap; (2) an extent is returned only after its pages are reserved.
 */
public final class NodePool {
    /** Granularity of extents in bytes. */
    public static final int PAGE = 4096;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private final SegmentFile file;
    private final MemorySegment memory;
    private final long topOffset;

    /** @param topOffset where in the segment the end-of-use word lies; its initial value is set by the segment's creator */
    public NodePool(SegmentFile file, long topOffset) {
        this.file = file;
        this.memory = file.memory();
        this.topOffset = topOffset;
    }

    public MemorySegment memory() {
        return memory;
    }

    /**
     * Takes an extent of at least {@code bytes}, zeroed, page-aligned.
     *
     * @return its offset in the segment
     * @throws org.isthmus.allocator.segment.SegmentFullException when there is no room
     */
    public long allocateExtent(long bytes) {
        long length = roundUp(bytes);
        long offset = (long) LONG.getAndAdd(memory, topOffset, length);
        try {
            file.reserve(offset, length);
        } catch (RuntimeException full) {
            boolean ignored = LONG.compareAndSet(memory, topOffset, offset + length, offset);
            throw full;
        }
        return offset;
    }

    /** Bytes handed out so far to all ranks, the segment's own structures included. */
    public long used() {
        return (long) LONG.getVolatile(memory, topOffset);
    }

    /** {@code bytes} rounded up to whole pages. */
    public static long roundUp(long bytes) {
        return (bytes + PAGE - 1) & -PAGE;
    }
}
