package org.isthmus.comm.buffer;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.Buffer;

/**
 * Remembers where the memory of NIO buffers without an accessible array lies, so that a program that uses the same
 * buffers again does not allocate.
 *
 * <p>A table by identity with two places for each hash; a buffer that loses its place is looked at again at its next
 * use, and a slice then forgets what lies before it. Places are immutable and hold the buffer, the one that it is a
 * slice of (which the slice itself keeps alive) and its segment weakly. Usable from any thread: a lost race costs one
 * place.
 */
final class DirectBuffers {
    private static final int SLOTS = 4096;

    private final Place[] places;
    private final MemorySegment memory;
    private final long start;
    private final long length;

    /** @param memory the node's data segment: buffers inside it are addressed by their offset in it. */
    DirectBuffers(MemorySegment memory) {
        this(memory, new Place[SLOTS]);
    }

    private DirectBuffers(MemorySegment memory, Place[] places) {
        this.places = places;
        this.memory = memory;
        this.start = memory.isNative() ? memory.address() : 0;
        this.length = memory.isNative() ? memory.byteSize() : 0;
    }

    /** The same with a data segment, in which none of the buffers lies that are known so far. */
    DirectBuffers over(MemorySegment segment) {
        return new DirectBuffers(segment, places.clone());
    }

    /** Where the whole of a buffer lies, whatever its position and limit. */
    static final class Place extends WeakReference<Buffer> {
        final long bytes;
        /** Bytes before the buffer that messages may reach as well. */
        final long before;
        final boolean readOnly;
        /** Offset in its base. */
        private final long offset;
        /** Null for a buffer in the data segment. */
        private final WeakReference<MemorySegment> segment;
        /** The buffer that {@code segment} is the whole of. */
        private final WeakReference<Buffer> root;

        private Place(Buffer buffer, long bytes, long offset, MemorySegment segment) {
            super(buffer);
            this.bytes = bytes;
            this.before = 0;
            this.readOnly = buffer.isReadOnly();
            this.offset = offset;
            this.segment = segment == null ? null : new WeakReference<>(segment);
            this.root = this;
        }

        /** A slice of the buffer whose place is {@code whole}, from byte {@code skipped} on. */
        private Place(Buffer slice, Place whole, long skipped) {
            super(slice);
            this.bytes = whole.bytes - skipped;
            this.before = whole.before + skipped;
            this.readOnly = slice.isReadOnly();
            this.offset = whole.offset + skipped;
            this.segment = whole.segment;
            this.root = whole.root;
        }

        /** The same with a segment made anew. */
        private Place(Buffer buffer, Place old, MemorySegment segment) {
            super(buffer);
            this.bytes = old.bytes;
            this.before = old.before;
            this.readOnly = old.readOnly;
            this.offset = old.offset;
            this.segment = new WeakReference<>(segment);
            this.root = old.root == old ? this : old.root;
        }
    }

    /**
     * The place of a direct or read-only buffer; {@link IllegalArgumentException} if it has no memory of its own.
     * Compared by {@code get}: {@code refersTo} is a native call until the optimizing compiler has come to it.
     *
     * @param name what the API calls it, for messages
     */
    Place place(Buffer buffer, String name) {
        Place place = places[slot(buffer)];
        return place != null && place.get() == buffer ? place : find(buffer, name);
    }

    /** Not where it is looked for first; apart from {@link #place}, which every message compiles into itself. */
    private Place find(Buffer buffer, String name) {
        Place place = places[slot(buffer) + 1];
        if (place != null && place.get() == buffer) {
            return place;
        }
        MemorySegment whole = whole(buffer);
        ConfinedMemory.check(whole, name);
        long offset = offsetInMemory(whole);
        return remember(buffer, offset < 0 ? new Place(buffer, whole.byteSize(), 0, whole)
                : new Place(buffer, whole.byteSize(), offset, null));
    }

    /**
     * {@code slice} begins {@code skipped} bytes behind {@code whole}; not noted of memory that is to be checked at its
     * use.
     */
    void noteSlice(Buffer slice, Buffer whole, long skipped) {
        if (!ConfinedMemory.isOneThreads(MemorySegment.ofBuffer(whole))) {
            remember(slice, new Place(slice, place(whole, "the buffer"), skipped));
        }
    }

    /** The data segment, or a segment over the memory of {@code buffer}, whose place this is. */
    MemorySegment base(Place place, Buffer buffer) {
        if (place.segment == null) {
            return memory;
        }
        MemorySegment segment = place.segment.get();
        if (segment == null) {
            segment = whole(place.root.get());
            remember(buffer, new Place(buffer, place, segment));
        }
        return segment;
    }

    /** Offset in bytes of the buffer's index 0 in {@link #base}. */
    long offset(Buffer buffer) {
        return place(buffer, "the buffer").offset;
    }

    private Place remember(Buffer buffer, Place place) {
        int slot = slot(buffer);
        if (places[slot] == null || places[slot].get() != buffer) {
            places[slot + 1] = places[slot];
        }
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
