package org.isthmus.comm.file;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.datatype.BlockSequence;
import org.isthmus.comm.datatype.Packer;

/** Copies between a window, memory that holds bytes of the file from some offset on, and a view's stream. */
final class Windows {
    private Windows() {}

    /**
     * Stores {@code length} bytes of the stream, which lie packed, where the view has them.
     *
     * @param start offset in the file of the window's first byte
     */
    static void fill(MemorySegment window, long start, BlockSequence blocks, long position, long length,
            MemorySegment packed, long packedOffset) {
        long size = blocks.element().size();
        Packer.unpack(packed, packedOffset, window, blocks.elementOffset(position / size) - start,
                elements(length, size), blocks.element(), position % size, length);
    }

    /** The reverse of {@link #fill}. */
    static void drain(MemorySegment window, long start, BlockSequence blocks, long position, long length,
            MemorySegment packed, long packedOffset) {
        long size = blocks.element().size();
        Packer.pack(window, blocks.elementOffset(position / size) - start, elements(length, size), blocks.element(),
                position % size, packed, packedOffset, length);
    }

    /** As many as {@code length} bytes can touch. */
    private static int elements(long length, long size) {
        return (int) Math.min(Integer.MAX_VALUE, length / size + 2);
    }

    /** The same as {@link #fill} out of a message, from its byte {@code from} on. */
    static void fill(MemorySegment window, long start, BlockSequence blocks, long position, long length,
            Message message, long from, MemorySegment spare) {
        if (message.isSegment()) {
            fill(window, start, blocks, position, length, message.slice(from, length), 0);
        } else {
            message.pack(from, spare, 0, length);
            fill(window, start, blocks, position, length, spare, 0);
        }
    }

    /** The same as {@link #drain} into a message, from its byte {@code to} on. */
    static void drain(MemorySegment window, long start, BlockSequence blocks, long position, long length,
            Message message, long to, MemorySegment spare) {
        if (message.isSegment()) {
            drain(window, start, blocks, position, length, message.slice(to, length), 0);
        } else {
            drain(window, start, blocks, position, length, spare, 0);
            message.unpack(spare, 0, to, length);
        }
    }
}
