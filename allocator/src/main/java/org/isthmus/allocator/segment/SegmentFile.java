package org.isthmus.allocator.segment;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

/**
 * A shared file mapped once, whole, into a fixed window of addresses, whose pages are reserved before anybody touches
 * them.
 *
 * <p>The window may be far larger than the memory behind it: a file in tmpfs is sparse, and only reserved ranges hold
 * pages. Reserving writes zeros through the file, so that a full file system is an {@code IOException} here and never a
 * SIGBUS at a later access. Offsets are the same in every process that maps the file.
 *
 * <p>Thread-safe. The mapping lives until the process ends, or as long as the arena given.
 */
public final class SegmentFile {
    private static final int ZEROS = 256 * 1024;

    private final FileChannel channel;
    private final MemorySegment memory;

    /** @param windowBytes length of the mapping; equal in all processes */
    public SegmentFile(FileChannel channel, long windowBytes) throws IOException {
        this(channel, windowBytes, Arena.global());
    }

    /** The same, mapped as long as {@code arena} lives, which must be closed after the last use. */
    public SegmentFile(FileChannel channel, long windowBytes, Arena arena) throws IOException {
        this.channel = channel;
        this.memory = asPlain(channel.map(FileChannel.MapMode.READ_WRITE, 0, windowBytes, arena), arena);
    }

    /**
     * The same memory of the class that all other memory outside the heap has. The JIT compiles an access for each
     * class of memory that the method has met, anew in each of its callers: with one class it is half the work.
     */
    private static MemorySegment asPlain(MemorySegment mapped, Arena arena) {
        return SegmentFile.class.getModule().isNativeAccessEnabled()
                ? MemorySegment.ofAddress(mapped.address()).reinterpret(mapped.byteSize(), arena, null) : mapped;
    }

    /** The whole window. Only reserved ranges may be accessed. */
    public MemorySegment memory() {
        return memory;
    }

    /**
     * Gives zeroed pages to {@code [offset, offset + length)}, a range that nobody uses yet.
     *
     * @throws SegmentFullException when the file system is full or the range leaves the window
     * @throws IllegalStateException when an interrupt of a thread that was in here has closed the file
     */
    public synchronized void reserve(long offset, long length) {
        if (offset < 0 || length < 0 || offset > memory.byteSize() - length) {
            throw new SegmentFullException("the node segment's window of " + memory.byteSize()
                    + " bytes is used up: " + length + " more bytes were needed at offset " + offset
                    + "; enlarge /dev/shm or the setting isthmus.segment.window", null);
        }
        boolean interrupted = Thread.interrupted();
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(length, ZEROS));
        long position = offset;
        long end = offset + length;
        try {
            while (position < end) {
                zeros.clear().limit((int) Math.min(end - position, zeros.capacity()));
                position += channel.write(zeros, position);
            }
        } catch (ClosedChannelException e) {
            throw new IllegalStateException(
                    "the node segment's file is closed, so it cannot grow: a thread was interrupted while it"
                    + " reserved memory; do not interrupt threads that communicate", e);
        } catch (IOException e) {
            throw new SegmentFullException("no room for the node segment: " + length + " bytes needed at offset "
                    + offset + ", the file system gave " + (position - offset) + " (" + e.getMessage()
                    + "); free space in /dev/shm, enlarge it (mount -o remount,size=..., docker run --shm-size=...) or"
                    + " set ISTHMUS_SHM_DIR to a directory on a larger file system", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
