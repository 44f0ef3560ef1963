package org.isthmus.comm.coll;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/**
 * The process's temporary buffers of collectives and files: off-heap blocks of 2^k bytes, kept for reuse up to a total.
 * Contents are whatever the last user left. Callable from any thread.
 */
public final class TemporaryBuffers {
    private static final int MIN_SHIFT = 8;
    private static final long ALIGNMENT = 64;
    /** Bytes that idle blocks may hold on to; what comes back beyond that is left to the garbage collector. */
    private static final long RETAINED_LIMIT = 16L << 20;

    private static final TemporaryBuffers PROCESS = new TemporaryBuffers();

    private final ArrayDeque<MemorySegment>[] idle = newClasses();
    private long retained;

    private TemporaryBuffers() {}

    public static TemporaryBuffers ofProcess() {
        return PROCESS;
    }

    /** A block of at least {@code bytes} bytes, aligned to a cache line. */
    public MemorySegment take(long bytes) {
        int shift = Math.max(MIN_SHIFT, Long.SIZE - Long.numberOfLeadingZeros(bytes - 1));
        synchronized (this) {
            MemorySegment block = idle[shift].pollLast();
            if (block != null) {
                retained -= block.byteSize();
                return block;
            }
        }
        long size = 1L << shift;
        return Arena.ofAuto().allocate(size <= RETAINED_LIMIT ? size : bytes, ALIGNMENT);
    }

    /** Gives back a block of {@link #take}, which nothing uses any more. */
    public synchronized void give(MemorySegment block) {
        long size = block.byteSize();
        if (retained + size <= RETAINED_LIMIT) {
            idle[Long.numberOfTrailingZeros(size)].addLast(block);
            retained += size;
        }
    }

    /** Bytes of the blocks that nobody uses now. */
    synchronized long idleBytes() {
        return retained;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static ArrayDeque<MemorySegment>[] newClasses() {
        ArrayDeque<MemorySegment>[] classes = new ArrayDeque[Long.SIZE];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = new ArrayDeque<>(2);
        }
        return classes;
    }
}
