package org.isthmus.comm.buffer;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.Buffer;

/**
 * Remembers where the memory of NIO buffers without an accessible array lies, so that a program that uses the same
 * buffers again does not allocate.
 *
 * <p>A table by identity with two places for each hash; a buffer that loses its place is looked at again at its next
 * use. Places are immutable and hold the buffer and its segment weakly. Usable from any thread: a lost race costs one
 * place.
 */
final class DirectBuffers {
    private static final int SLOTS = 4096;

    private final Place[] places = new Place[SLOTS];
    private final MemorySegment memory;
    private final long start;
    private final long length;

    /** @param memory the node's data segment: buffers inside it are addressed by their offset in it. */
    DirectBuffers(MemorySegment memory) {
        this.memory = memory;
        this.start = memory.isNative() ? memory.address() : 0;
        this.length = memory.isNative() ? memory.byteSize() : 0;
    }

    /** Where the whole of a buffer lies, whatever its position and limit. */
    static final class Place extends WeakReference<Buffer> {
        final long bytes;
        final boolean readOnly;
        /** Offset in the data segment, -1 for a buffer of its own memory. */
        private final long offset;

        private final WeakReference<MemorySegment> segment;

        private Place(Buffer buffer, MemorySegment whole, long offset) {
            super(buffer);
            this.bytes = whole.byteSize();
            this.readOnly = buffer.isReadOnly();
            this.offset = offset;
            this.segment = offset < 0 ? new WeakReference<>(whole) : null;
        }
    }

    /**
     * The place of a direct or read-only buffer; {@link IllegalArgumentException} if it has no memory of its own.
     *
     * @param name what the API calls it, for messages
     */
    Place place(Buffer buffer, String name) {
        int slot = slot(buffer);
        Place place = places[slot];
        if (place != null && place.refersTo(buffer)) {
            return place;
        }
        place = places[slot + 1];
        if (place != null && place.refersTo(buffer)) {
            return place;
        }
        MemorySegment whole = whole(buffer);
        ConfinedMemory.check(whole, name);
        return remember(buffer, whole);
    }

    /** The data segment, or a segment over the whole of {@code buffer}, whose place this is. */
    MemorySegment base(Place place, Buffer buffer) {
        if (place.offset >= 0) {
            return memory;
        }
        MemorySegment segment = place.segment.get();
        if (segment == null) {
            segment = whole(buffer);
            remember(buffer, segment);
        }
        return segment;
    }

    /** Offset in bytes of the buffer's index 0 in {@link #base}. */
    long offset(Buffer buffer) {
        return Math.max(0, place(buffer, "the buffer").offset);
    }

    private Place remember(Buffer buffer, MemorySegment whole) {
        int slot = slot(buffer);
        Place place = new Place(buffer, whole, offsetInMemory(whole));
        places[slot + 1] = places[slot];
        places[slot] = place;
        return place;
    }

    /** Offset of {@code segment} in the data segment, -1 when it lies elsewhere. */
    long offsetInMemory(MemorySegment segment) {
        long offset = segment.address() - start;
        return segment.isNative() && offset >= 0 && offset < length ? offset : -1;
    }

    MemorySegment memory() {
        return memory;
    }

    /** First of the two places that a buffer may have. */
    private static int slot(Buffer buffer) {
        return System.identityHashCode(buffer) & SLOTS - 2;
    }

    private static MemorySegment whole(Buffer buffer) {
        return MemorySegment.ofBuffer(buffer.duplicate().clear());
    }
}
