package org.isthmus.comm.file;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.coll.TemporaryBuffers;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.TypeMap;

/**
 * The memory side of an access: a user's buffer as a stream of {@link #length()} bytes. Any thread, any number of them
 * for different parts of the stream.
 */
final class Message {
    private final Object base;
    private final long offset;
    private final int count;
    private final TypeMap type;
    /** What {@link #release} gives back. */
    private final MemorySegment block;

    /** @param base a buffer as the rest of the engine has them: array or segment */
    Message(Object base, long offset, int count, TypeMap type) {
        this.base = base instanceof boolean[] ? base : UserBuffer.bytes(base);
        this.offset = offset;
        this.count = count;
        this.type = type;
        this.block = null;
    }

    private Message(MemorySegment block, long bytes) {
        this.base = block.asSlice(0, bytes);
        this.offset = 0;
        this.count = 1;
        this.type = null;
        this.block = block;
    }

    long length() {
        return type == null ? ((MemorySegment) base).byteSize() : count * type.size();
    }

    private boolean isPlain() {
        return type == null || type.isContiguous();
    }

    /** Whether the stream lies in memory that the operating system can read and write as it is. */
    boolean isDirect() {
        return isPlain() && base instanceof MemorySegment segment && segment.isNative();
    }

    /** Whether the stream lies in a segment as it is, of whatever kind. */
    boolean isSegment() {
        return isPlain() && base instanceof MemorySegment;
    }

    Object base() {
        return base;
    }

    /** Where {@code position} of a stream for which {@link #isSegment()} holds lies in {@link #base()}. */
    long offset(long position) {
        return offset + position;
    }

    /** The memory of a part of a stream for which {@link #isSegment()} holds. */
    MemorySegment slice(long position, long length) {
        return ((MemorySegment) base).asSlice(offset + position, length);
    }

    /** Copies a part of the stream out of the buffer. */
    void pack(long position, MemorySegment target, long targetOffset, long length) {
        if (isSegment()) {
            MemorySegment.copy((MemorySegment) base, offset + position, target, targetOffset, length);
        } else {
            Packer.pack(base, offset, count, type, position, target, targetOffset, length);
        }
    }

    /** Copies a part of the stream into the buffer. */
    void unpack(MemorySegment source, long sourceOffset, long position, long length) {
        if (isSegment()) {
            MemorySegment.copy(source, sourceOffset, (MemorySegment) base, offset + position, length);
        } else {
            Packer.unpack(source, sourceOffset, base, offset, count, type, position, length);
        }
    }

    /** The stream in other byte order, in memory of its own; to be given back with {@link #release}. */
    Message reversedCopy() {
        Message copy = room();
        if (length() > 0) {
            pack(0, (MemorySegment) copy.base, 0, length());
            copy.reverse(this);
        }
        return copy;
    }

    /** Memory for a stream as long as this one; to be given back with {@link #release}. */
    Message room() {
        return new Message(TemporaryBuffers.ofProcess().take(Math.max(1, length())), length());
    }

    void release() {
        TemporaryBuffers.ofProcess().give(block);
    }

    /** Stores the first {@code bytes} of {@code received}, which are in other byte order. */
    void storeReversed(Message received, long bytes) {
        received.reverse(this);
        unpack((MemorySegment) received.base, 0, 0, bytes);
    }

    private void reverse(Message original) {
        original.type.reverseBytes((MemorySegment) base, 0, original.count);
    }
}
