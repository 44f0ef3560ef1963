package org.isthmus.comm.coll;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.TypeMap;

/**
 * Elements of a message buffer in memory of a device, laid out likewise in memory of the host, where reductions can
 * work on them. A buffer that is in memory of the host, or null, is taken as it is. Whoever made one releases it, also
 * when what it is for fails. Owned by one thread.
 */
public final class HostCopy {
    private final Object original;
    private final long originalOffset;
    private final int count;
    private final TypeMap type;
    /** Null if there is none. */
    private final MemorySegment copy;
    private final long offset;
    private final boolean filled;

    private HostCopy(Object original, long originalOffset, int count, TypeMap type, boolean filled) {
        this.filled = filled;
        this.original = original;
        this.originalOffset = originalOffset;
        this.count = count;
        this.type = type;
        if (UserBuffer.isOnDevice(original)) {
            long start = UserBuffer.start(count, type);
            this.copy = TemporaryBuffers.ofProcess().take(Math.max(1, UserBuffer.end(count, type) - start));
            this.offset = -start;
        } else {
            this.copy = null;
            this.offset = originalOffset;
        }
    }

    /** For elements that are input: they are there after {@link #load}. */
    public static HostCopy of(Object base, long offset, int count, TypeMap type) {
        return new HostCopy(base, offset, count, type, true);
    }

    /** With anything in it. */
    public static HostCopy forResult(Object base, long offset, int count, TypeMap type) {
        return new HostCopy(base, offset, count, type, false);
    }

    /** The copy, or the buffer itself. */
    public Object base() {
        return copy == null ? original : copy;
    }

    public long offset() {
        return offset;
    }

    /** Copies the elements in, if they are input. */
    public void load() {
        if (filled) {
            move(true);
        }
    }

    /** Copies the elements back. */
    public void store() {
        move(false);
    }

    private void move(boolean in) {
        long bytes = count * type.size();
        if (copy == null || bytes == 0) {
            return;
        }
        MemorySegment packed = TemporaryBuffers.ofProcess().take(bytes);
        try {
            if (in) {
                Packer.pack(original, originalOffset, count, type, 0, packed, 0, bytes);
                Packer.unpack(packed, 0, copy, offset, count, type, 0, bytes);
            } else {
                Packer.pack(copy, offset, count, type, 0, packed, 0, bytes);
                Packer.unpack(packed, 0, original, originalOffset, count, type, 0, bytes);
            }
        } finally {
            TemporaryBuffers.ofProcess().give(packed);
        }
    }

    /** Ends the use of the copy. */
    public void release() {
        if (copy != null) {
            TemporaryBuffers.ofProcess().give(copy);
        }
    }
}
