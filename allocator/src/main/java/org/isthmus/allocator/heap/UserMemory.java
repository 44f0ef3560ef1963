package org.isthmus.allocator.heap;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.policy.ZeroMode;
import org.isthmus.allocator.segment.SegmentFullException;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;

/**
 * Blocks of a heap of their own for the buffers that a program asks for: allocated explicitly, given back when the
 * garbage collector finds that neither the segment returned nor any buffer made of it is reachable.
 *
 * <p>When the node has no room left, unreachable buffers are collected before it fails; likewise each time that the
 * memory in use has doubled, from 256 MiB on. A quarter of the node's superpages is left to messages. The heap is
 * opened with the first buffer. Thread-safe.
 *
 * <p>Invariant: a block is freed exactly once, after its segment has become unreachable.
 */
public final class UserMemory {
    private static final int COLLECT_ATTEMPTS = 5;
    private static final long COLLECT_ABOVE = 256L << 20;
    /** Of the node's superpages, one in so many is left to others. */
    private static final int KEPT_FREE = 4;

    private final HeapArea area;
    private final int index;
    private final HeapOptions options;
    private final Cleaner cleaner = Cleaner.create();
    private RankHeap heap;
    private long outstanding;
    private long collectAbove = COLLECT_ABOVE;

    /**
     * @param heap index of the heap in the area
     * @param options of the heap; that its blocks are cleared and leave room to others is added here
     */
    public UserMemory(HeapArea area, int heap, HeapOptions options) {
        this.area = area;
        this.index = heap;
        this.options = options.withMostBytes(Long.MAX_VALUE).withKeptFree(area.superpages() / KEPT_FREE)
                .withLimits(cleared(options.limits()));
    }

    private static HeapLimits cleared(HeapLimits limits) {
        return limits.withZeroBytes(ZeroMode.FULL.bytes());
    }

    /**
     * A zeroed segment of {@code bytes}, aligned to a cache line. A {@code ByteBuffer} of it and all views of that
     * keep it alive.
     *
     * @throws SegmentFullException when the node has no room for it
     */
    public MemorySegment allocate(long bytes) {
        collectIfMany();
        long length = Math.max(bytes, 1);
        long handle = take(length);
        MemorySegment segment = area.memory()
                .asSlice(area.layout.block(handle), length).asSlice(0, bytes);
        cleaner.register(segment, () -> giveBack(handle, length));
        return segment;
    }

    private long take(long length) {
        for (int attempt = 0;; attempt++) {
            long handle = takeOnce(length);
            if (handle != Handle.NONE) {
                return handle;
            }
            if (attempt == COLLECT_ATTEMPTS) {
                throw new SegmentFullException("the node has no room for " + length + " more bytes of buffers: of "
                        + area.superpages() + " superpages of 2 MiB, " + area.superpages() / KEPT_FREE
                        + " are left to messages; enlarge /dev/shm or the setting isthmus.segment.window", null);
            }
            collectUnreachable(attempt);
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
        if (length > area.superpages() * (long) SizeClasses.SUPERPAGE_BYTES) {
            return Handle.NONE;
        }
        if (heap == null) {
            heap = RankHeap.open(area, index, options);
        }
        long handle = heap.allocate(length);
        if (handle != Handle.NONE) {
            outstanding += length;
        }
        return handle;
    }

    private synchronized void giveBack(long handle, long length) {
        outstanding -= length;
        heap.free(handle);
    }

    /** Any thread; obeyed from the heap's next slow path on, except that blocks stay cleared. */
    public synchronized void setLimits(HeapLimits limits) {
        if (heap != null) {
            heap.setLimits(cleared(limits));
        }
    }

    /**
     * In checked mode, looks at the canaries of all buffers that are still reachable.
     *
     * @throws BlockOverflowException if one was overwritten
     */
    public synchronized void check() {
        if (heap != null) {
            heap.checkCanaries();
        }
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
