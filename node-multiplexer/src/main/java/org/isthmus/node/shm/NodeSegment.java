package org.isthmus.node.shm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import org.isthmus.allocator.NodePool;
import org.isthmus.allocator.segment.SegmentFile;

/**
 * The memory that all ranks of a node share ({@link SegmentDescriptor}), mapped into this process.
 *
 * <p>One rank creates it, the others attach: they wait for the version word, which is written last, then check magic,
 * version and number of ranks. Thread-safe after construction.
 */
public final class NodeSegment {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private final MemorySegment memory;
    private final NodePool pool;
    private final int ranks;

    private NodeSegment(SegmentFile file, int ranks) {
        this.memory = file.memory();
        this.pool = new NodePool(file, SegmentDescriptor.POOL_END_OFFSET);
        this.ranks = ranks;
    }

    /**
     * Lays the segment out in an empty file and publishes it.
     *
     * @param windowBytes address window that every rank maps; an upper bound of the segment's growth
     * @throws org.isthmus.allocator.segment.SegmentFullException when the file system has no room for the fixed part
     */
    public static NodeSegment create(FileChannel channel, int ranks, long windowBytes) throws IOException {
        return create(channel, ranks, windowBytes, false);
    }

    /** The same, with a {@link FailureBoard} where {@code withBoard} says so. */
    public static NodeSegment create(FileChannel channel, int ranks, long windowBytes, boolean withBoard)
            throws IOException {
        long board = withBoard ? NodePool.roundUp(FailureBoard.bytes(ranks)) : 0;
        long fixed = SegmentDescriptor.fixedBytes(ranks) + board;
        SegmentFile file = new SegmentFile(channel, Math.max(windowBytes, NodePool.roundUp(fixed * 2)));
        file.reserve(0, fixed);
        MemorySegment memory = file.memory();
        for (int rank = 0; rank < ranks; rank++) {
            Mailbox.initialise(memory, SegmentDescriptor.mailbox(ranks, rank));
        }
        LONG.set(memory, SegmentDescriptor.MAGIC_OFFSET, SegmentDescriptor.MAGIC);
        INT.set(memory, SegmentDescriptor.RANKS_OFFSET, ranks);
        LONG.set(memory, SegmentDescriptor.WINDOW_OFFSET, memory.byteSize());
        LONG.set(memory, SegmentDescriptor.BOARD_BYTES_OFFSET, board);
        LONG.set(memory, SegmentDescriptor.POOL_END_OFFSET, fixed);
        INT.setRelease(memory, SegmentDescriptor.VERSION_OFFSET, SegmentDescriptor.VERSION); // SYNC(segment.ready)
        return new NodeSegment(file, ranks);
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
            MemorySegment header = channel.map(FileChannel.MapMode.READ_ONLY, 0, SegmentDescriptor.HEADER.byteSize(), arena);
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
        return new NodeSegment(new SegmentFile(channel, window), ranks);
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

    public NodePool pool() {
        return pool;
    }

    /** Ranks on this node. */
    public int ranks() {
        return ranks;
    }

    private static void check(MemorySegment header, int version, int ranks) throws IOException {
        long magic = (long) LONG.get(header, SegmentDescriptor.MAGIC_OFFSET);
        int found = (int) INT.get(header, SegmentDescriptor.RANKS_OFFSET);
        if (magic != SegmentDescriptor.MAGIC || version != SegmentDescriptor.VERSION || found != ranks) {
            throw new IOException("this is not the node segment of the job: magic " + Long.toHexString(magic) + ", version "
                    + version + ", ranks " + found + " where " + Long.toHexString(SegmentDescriptor.MAGIC) + ", "
                    + SegmentDescriptor.VERSION + ", " + ranks + " were expected; use the same isthmus.jar in all ranks");
        }
    }

    private static void pauseUntil(long deadline) throws IOException, InterruptedException {
        if (System.nanoTime() - deadline > 0) {
            throw new IOException("the node segment was not ready in time: its creator, local rank 0, is stuck or slow");
        }
        Thread.sleep(1);
    }
}
