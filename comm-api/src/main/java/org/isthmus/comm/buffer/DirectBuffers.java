package org.isthmus.comm.buffer;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.Buffer;

/**
 * Remembers where the memory of NIO buffers lies, so that a program that uses the same buffers again does not allocate.
 *
 * <p>A direct-mapped table by identity; a buffer that loses its place is looked at again at its next use. Entries are
 * immutable and hold the buffer and its segment weakly. Usable from any thread: a lost race costs one entry.
 */
final class DirectBuffers {
    private static final int SLOTS = 1024;

    private final Entry[] entries = new Entry[SLOTS];
    private final MemorySegment memory;
    private final long start;
    private final long length;

    /** @param memory the node's data segment: buffers inside it are addressed by their offset in it. */
    DirectBuffers(MemorySegment memory) {
        this.memory = memory;
        this.start = memory.isNative() ? memory.address() : 0;
        this.length = memory.isNative() ? memory.byteSize() : 0;
    }

    private static final class Entry extends WeakReference<Buffer> {
        /** Offset in the data segment, -1 for a buffer of its own memory. */
        final long offset;
        final WeakReference<MemorySegment> segment;

        Entry(Buffer buffer, long offset, MemorySegment segment) {
            super(buffer);
            this.offset = offset;
            this.segment = segment == null ? null : new WeakReference<>(segment);
        }
    }

    /** The data segment, or a segment over the whole of {@code buffer}, whatever its position and limit. */
    MemorySegment base(Buffer buffer) {
        Entry entry = entries[System.identityHashCode(buffer) & SLOTS - 1];
        if (entry != null && entry.refersTo(buffer)) {
            if (entry.offset >= 0) {
                return memory;
            }
            MemorySegment segment = entry.segment.get();
            if (segment != null) {
                return segment;
            }
        }
        return remember(buffer);
    }

    /** Offset in bytes of the buffer's index 0 in {@link #base}. */
    long offset(Buffer buffer) {
        Entry entry = entries[System.identityHashCode(buffer) & SLOTS - 1];
        long offset = entry != null && entry.refersTo(buffer) ? entry.offset : offsetInMemory(whole(buffer));
        return Math.max(0, offset);
    }

    private MemorySegment remember(Buffer buffer) {
        MemorySegment segment = whole(buffer);
        long offset = offsetInMemory(segment);
        entries[System.identityHashCode(buffer) & SLOTS - 1] = new Entry(buffer, offset, offset < 0 ? segment : null);
        return offset < 0 ? segment : memory;
    }

    /** Offset of {@code segment} in the data segment, -1 when it lies elsewhere. */
    long offsetInMemory(MemorySegment segment) {
        long offset = segment.address() - start;
        return segment.isNative() && offset >= 0 && offset < length ? offset : -1;
    }

    MemorySegment memory() {
        return memory;
    }

    private static MemorySegment whole(Buffer buffer) {
        return MemorySegment.ofBuffer(buffer.duplicate().clear());
    }
}
