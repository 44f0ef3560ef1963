package org.isthmus.allocator;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.isthmus.allocator.segment.SegmentFullException;

/**
 * Segment memory for the buffers that a program asks for: allocated explicitly, given back when the garbage collector
 * finds that neither the segment returned nor any buffer made of it is reachable.
 *
 * <p>Sizes are rounded to classes, four for each doubling, so that memory given back is found again. When the node has no
 * room left, unreachable buffers are collected before it fails; likewise each time that the memory in use has doubled,
 * from 256 MiB on. A quarter of the segment's window is left to messages and collectives. Thread-safe.
 *
 * <p>Invariants: (1) a range is in a free list or owned by exactly one live segment; (2) ranges of one class have one size.
 */
public final class UserMemory {
    private static final int GRANULE = 64;
    private static final int SMALL = 2048;
    private static final int SMALL_EXTENT = 64 * 1024;
    private static final int COLLECT_ATTEMPTS = 5;
    private static final long COLLECT_ABOVE = 256L << 20;

    private final NodePool pool;
    private final Cleaner cleaner = Cleaner.create();
    private final Map<Long, ArrayDeque<Long>> free = new HashMap<>();
    private final long keptFree;
    private long smallNext;
    private long smallEnd;
    private long outstanding;
    private long collectAbove = COLLECT_ABOVE;

    public UserMemory(NodePool pool) {
        this.pool = pool;
        this.keptFree = pool.memory().byteSize() / 4;
    }

    /**
     * A zeroed segment of {@code bytes}, aligned to a cache line. A {@code ByteBuffer} of it and all views of that
     * keep it alive.
     *
     * @throws SegmentFullException when the node has no room for it
     */
    public MemorySegment allocate(long bytes) {
        long length = classBytes(bytes);
        collectIfMany();
        long offset = take(length);
        MemorySegment segment = pool.memory().asSlice(offset, Math.max(bytes, 1)).asSlice(0, bytes);
        cleaner.register(segment, () -> giveBack(offset, length));
        return segment;
    }

    /** Size of the class that {@code bytes} falls into. */
    static long classBytes(long bytes) {
        if (bytes <= GRANULE) {
            return GRANULE;
        }
        long step = Math.max(GRANULE, Long.highestOneBit(bytes - 1) >>> 2);
        return (bytes + step - 1) / step * step;
    }

    private long take(long length) {
        for (int attempt = 0;; attempt++) {
            try {
                return takeOnce(length);
            } catch (SegmentFullException full) {
                if (attempt == COLLECT_ATTEMPTS) {
                    throw full;
                }
                collectUnreachable(attempt);
            }
        }
    }

    private void collectIfMany() {
        synchronized (this) {
            if (outstanding < collectAbove) {
                return;
            }
        }
        collectUnreachable(COLLECT_ATTEMPTS);
        synchronized (this) {
            collectAbove = Math.max(COLLECT_ABOVE, outstanding * 2);
        }
    }

    private synchronized long takeOnce(long length) {
        long offset = takeRange(length);
        outstanding += length;
        return offset;
    }

    private long takeRange(long length) {
        ArrayDeque<Long> list = free.get(length);
        Long recycled = list == null ? null : list.pollLast();
        if (recycled != null) {
            pool.memory().asSlice(recycled, length).fill((byte) 0);
            return recycled;
        }
        if (length > SMALL) {
            return pool.allocateExtent(length, keptFree);
        }
        if (smallEnd - smallNext < length) {
            smallNext = pool.allocateExtent(SMALL_EXTENT, keptFree);
            smallEnd = smallNext + SMALL_EXTENT;
        }
        long offset = smallNext;
        smallNext += length;
        return offset;
    }

    private synchronized void giveBack(long offset, long length) {
        outstanding -= length;
        free.computeIfAbsent(length, size -> new ArrayDeque<>()).addLast(offset);
    }

    private static void collectUnreachable(int attempt) {
        System.gc();
        try {
            Thread.sleep(1L << attempt);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
