package org.isthmus.node.shm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import org.isthmus.allocator.NodePool;
import org.isthmus.allocator.heap.HeapArea;
import org.isthmus.allocator.heap.NodePolicy;
import org.isthmus.allocator.segment.SegmentFile;
import org.isthmus.allocator.slab.SizeClasses;

/**
 * The memory that all ranks of a node share ({@link SegmentDescriptor}), mapped into this process.
 *
 * <p>One rank creates it, the others attach: they wait for the version word, which is written last, then check magic,
 * version and number of ranks. Thread-safe after construction.
 */
public final class NodeSegment {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();
    private static final int HEAPS_PER_RANK = 2;
    /** Of the window, the heaps get three parts in so many. */
    private static final int PARTS = 4;
    /** Superpages that the heaps of one rank get at least, as addresses. */
    private static final int LEAST_SUPERPAGES = 4;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private final MemorySegment memory;
    private final NodePool pool;
    private final int ranks;
    private HeapArea heaps;

    private NodeSegment(SegmentFile file, int ranks) {
        this.memory = file.memory();
        this.pool = new NodePool(file, SegmentDescriptor.POOL_END_OFFSET);
        this.ranks = ranks;
    }

    /**
     * Lays the segment out in an empty file and publishes it.
     *
     * @param windowBytes address window that every rank maps, three quarters of it for the heaps; made larger when that
     *     is less than every rank needs
     * @throws org.isthmus.allocator.segment.SegmentFullException when the file system has no room for the fixed part
     */
    public static NodeSegment create(FileChannel channel, int ranks, long windowBytes) throws IOException {
        return create(channel, ranks, windowBytes, false);
    }

    /** The same, with a {@link FailureBoard} where {@code withBoard} says so. */
    public static NodeSegment create(FileChannel channel, int ranks, long windowBytes, boolean withBoard)
            throws IOException {
        return create(channel, ranks, windowBytes, withBoard, Arena.global());
    }

    /** The same, mapped as long as {@code arena} lives: for nodes that end before their process. */
    public static NodeSegment create(FileChannel channel, int ranks, long windowBytes, boolean withBoard, Arena arena)
            throws IOException {
        long board = withBoard ? NodePool.roundUp(FailureBoard.bytes(ranks)) : 0;
        long status = SegmentDescriptor.fixedBytes(ranks) + board;
        long fixed = status + NodePool.roundUp(StatusDescriptor.bytes(ranks));
        long needed = Math.max(LEAST_SUPERPAGES * (ranks + 1L) * SizeClasses.SUPERPAGE_BYTES, fixed * 2 * PARTS);
        long window = NodePool.roundUp(Math.max(windowBytes, needed / (PARTS - 1) * PARTS));
        long heapBytes = window / PARTS * (PARTS - 1);
        SegmentFile file = new SegmentFile(channel, window, arena);
        file.reserve(0, fixed);
        MemorySegment memory = file.memory();
        for (int rank = 0; rank < ranks; rank++) {
            Mailbox.initialise(memory, SegmentDescriptor.mailbox(ranks, rank));
        }
        LONG.set(memory, SegmentDescriptor.MAGIC_OFFSET, SegmentDescriptor.MAGIC);
        INT.set(memory, SegmentDescriptor.RANKS_OFFSET, ranks);
        LONG.set(memory, SegmentDescriptor.WINDOW_OFFSET, memory.byteSize());
        LONG.set(memory, SegmentDescriptor.BOARD_BYTES_OFFSET, board);
        LONG.set(memory, SegmentDescriptor.STATUS_OFFSET, status);
        LONG.set(memory, SegmentDescriptor.POOL_END_OFFSET, fixed);
        NodeSegment segment = new NodeSegment(file, ranks);
        segment.heaps = HeapArea.create(segment.pool, HEAPS_PER_RANK * ranks, heapBytes);
        LONG.set(memory, SegmentDescriptor.HEAPS_OFFSET, segment.heaps.base());
        LONG.set(memory, SegmentDescriptor.EXTENTS_OFFSET, segment.pool.used());
        INT.setRelease(memory, SegmentDescriptor.VERSION_OFFSET, SegmentDescriptor.VERSION); // SYNC(segment.ready)
        return segment;
    }

    /**
     * Maps a segment that another process creates in the same file, waiting until it is ready.
     *
     * @param timeoutNanos how long to wait for the creator
     */
    public static NodeSegment attach(FileChannel channel, int ranks, long timeoutNanos)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeoutNanos;
        while (channel.size() < SegmentDescriptor.HEADER.byteSize()) {
            pauseUntil(deadline);
        }
        long window;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, SegmentDescriptor.HEADER.byteSize(), arena);
            int version;
            // SYNC(segment.ready): everything below is complete
            while ((version = (int) INT.getAcquire(header, SegmentDescriptor.VERSION_OFFSET)) == 0) {
                pauseUntil(deadline);
            }
            check(header, version, ranks);
            window = (long) LONG.get(header, SegmentDescriptor.WINDOW_OFFSET);
            if (window < SegmentDescriptor.fixedBytes(ranks) || channel.size() < window) {
                throw new IOException("the node segment is truncated: its file has " + channel.size()
                        + " bytes where the header says " + window + "; start the job again");
            }
        }
        NodeSegment segment = new NodeSegment(new SegmentFile(channel, window), ranks);
        try {
            segment.heaps = HeapArea.attach(segment.pool,
                    (long) LONG.get(segment.memory, SegmentDescriptor.HEAPS_OFFSET));
        } catch (IllegalArgumentException e) {
            throw new IOException("the node segment is damaged: " + e.getMessage(), e);
        }
        return segment;
    }

    /** The whole window; only the fixed part and extents of the pool may be accessed. */
    public MemorySegment memory() {
        return memory;
    }

    /** Where the job notes its failures; null in a job that ends with the first. */
    public FailureBoard failureBoard() {
        return (long) LONG.get(memory, SegmentDescriptor.BOARD_BYTES_OFFSET) < FailureBoard.bytes(ranks) ? null
                : new FailureBoard(memory, SegmentDescriptor.fixedBytes(ranks), ranks);
    }

    /** Where the status area begins ({@link StatusDescriptor}); checked. */
    public long statusOffset() {
        long status = (long) LONG.get(memory, SegmentDescriptor.STATUS_OFFSET);
        long end = status + StatusDescriptor.bytes(ranks);
        if (status < SegmentDescriptor.fixedBytes(ranks) || (status & 63) != 0
                || end > (long) LONG.get(memory, SegmentDescriptor.HEAPS_OFFSET)) {
            throw new CorruptRecordException("status area at " + status);
        }
        return status;
    }

    public NodePool pool() {
        return pool;
    }

    /** The heaps of all ranks: those of messages first, by place, then those of users' buffers. */
    public HeapArea heaps() {
        return heaps;
    }

    /** Index of the heap that a place's messages come from. */
    public int messageHeap(int place) {
        return place;
    }

    /** Index of the heap that the buffers of a place's program come from. */
    public int userHeap(int place) {
        return ranks + place;
    }

    /** Makes room for the learning of all message heaps and tells the other ranks; by one rank, once. */
    public void createPolicy() {
        long policy = pool.allocateExtent(NodePolicy.bytes(ranks));
        LONG.setRelease(memory, SegmentDescriptor.POLICY_OFFSET, policy); // SYNC(segment.policy): zeroed
    }

    /** The memory of {@link #createPolicy}, or null before that. */
    public MemorySegment policy() {
        long policy = (long) LONG.getAcquire(memory, SegmentDescriptor.POLICY_OFFSET); // SYNC(segment.policy)
        if (policy == 0) {
            return null;
        }
        if (!isExtent(policy, NodePolicy.bytes(ranks))) {
            throw new CorruptRecordException("policy at " + policy);
        }
        return memory.asSlice(policy, NodePolicy.bytes(ranks));
    }

    /** Whether a range that another process names lies in extents that were handed out. */
    public boolean isExtent(long offset, long bytes) {
        return bytes >= 0 && offset >= (long) LONG.get(memory, SegmentDescriptor.EXTENTS_OFFSET)
                && offset <= pool.used() - bytes;
    }

    /** Whether a range that another process names may be touched: in extents, or in the heaps with pages behind it. */
    public boolean holds(long offset, long bytes) {
        return isExtent(offset, bytes) || heaps.holds(offset, bytes);
    }

    /** Ranks on this node. */
    public int ranks() {
        return ranks;
    }

    private static void check(MemorySegment header, int version, int ranks) throws IOException {
        long magic = (long) LONG.get(header, SegmentDescriptor.MAGIC_OFFSET);
        int found = (int) INT.get(header, SegmentDescriptor.RANKS_OFFSET);
        if (magic != SegmentDescriptor.MAGIC || version != SegmentDescriptor.VERSION || found != ranks) {
            throw new IOException("this is not the node segment of the job: magic "
                    + Long.toHexString(magic) + ", version " + version + ", ranks "
                    + found + " where " + Long.toHexString(SegmentDescriptor.MAGIC) + ", " + SegmentDescriptor.VERSION
                    + ", " + ranks + " were expected; use the same isthmus.jar in all ranks");
        }
    }

    private static void pauseUntil(long deadline) throws IOException, InterruptedException {
        if (System.nanoTime() - deadline > 0) {
            throw new IOException(
                    "the node segment was not ready in time: its creator, local rank 0, is stuck or slow");
        }
        Thread.sleep(1);
    }
}
