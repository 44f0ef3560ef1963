package org.isthmus.allocator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.isthmus.allocator.segment.SegmentFile;
import org.isthmus.allocator.segment.SegmentFullException;

/**
 * The node's supply of segment memory: hands out extents, whole pages that become the property of the caller's rank.
 *
 * <p>Shared state is one word, the end of what has been handed out; a rank takes an extent by moving it on, so a rank
 * killed in between loses that extent and hinders nobody. Thread-safe.
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

    /**
     * @param topOffset where in the segment the end-of-use word lies; its initial value is set by the segment's creator
     */
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
     * @throws SegmentFullException when there is no room
     */
    public long allocateExtent(long bytes) {
        return allocateExtent(bytes, 0);
    }

    /** The same for one who leaves the last {@code keptFree} bytes of the window to others. */
    public long allocateExtent(long bytes, long keptFree) {
        long offset = allocateAddresses(bytes, keptFree);
        long length = roundUp(bytes);
        try {
            file.reserve(offset, length);
        } catch (RuntimeException full) {
            boolean ignored = LONG.compareAndSet(memory, topOffset, offset + length, offset);
            throw full;
        }
        return offset;
    }

    /**
     * Takes a range of the window without memory behind it; its owner reserves the pages that it uses by
     * {@link #reserve}.
     */
    public long allocateAddresses(long bytes, long keptFree) {
        long length = roundUp(bytes);
        long offset;
        do {
            offset = used();
            if (length > memory.byteSize() - keptFree - offset) {
                throw new SegmentFullException("of the node segment's window of " + memory.byteSize() + " bytes, "
                        + offset + " are used and " + keptFree + " kept free: there is no room for " + length
                        + " more bytes; enlarge /dev/shm or the setting isthmus.segment.window", null);
            }
        } while (!LONG.compareAndSet(memory, topOffset, offset, offset + length));
        return offset;
    }

    /**
     * Gives zeroed pages to a part of a range of {@link #allocateAddresses} that nobody uses yet.
     *
     * @throws SegmentFullException when the file system has no room
     */
    public void reserve(long offset, long bytes) {
        file.reserve(offset, bytes);
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
