package org.isthmus.comm.datatype;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.buffer.BufferCopy;

/** Moves a slice of a message's packed byte stream between the user's buffer and a segment. */
public final class Packer {
    private Packer() {}

    /**
     * Packs bytes {@code [position, position + length)} of the stream of {@code count} elements of {@code type} that
     * starts at {@code base[offset]} into {@code dst}. {@code position} and {@code length} are multiples of the base
     * element's size.
     */
    public static void pack(Object base, long offset, int count, TypeMap type, long position, MemorySegment dst,
            long dstOffset, long length) {
        if (type.isContiguous()) {
            BufferCopy.toSegment(base, offset + position, dst, dstOffset, length);
            return;
        }
        throw new UnsupportedOperationException();
    }

    /** The reverse of {@link #pack}; bytes of gaps are left alone. */
    public static void unpack(MemorySegment src, long srcOffset, Object base, long offset, int count, TypeMap type,
            long position, long length) {
        if (type.isContiguous()) {
            BufferCopy.fromSegment(src, srcOffset, base, offset + position, length);
            return;
        }
        throw new UnsupportedOperationException();
    }
}
