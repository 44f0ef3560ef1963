package org.isthmus.comm.datatype;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.buffer.BufferCopy;
import org.isthmus.comm.buffer.DeviceBuffer;
import org.isthmus.comm.buffer.StridedCopy;
import org.isthmus.comm.buffer.UserBuffer;

/**
 * Moves a slice of a message's packed byte stream between the user's buffer and a segment.
 *
 * <p>The stream of a message is its elements one after the other without gaps. {@code position} and {@code length} are
 * in bytes; when the buffer is an array they are multiples of the base element's size, and the type is
 * {@link TypeMap#isElementAligned() element-aligned}. Allocates nothing; any thread.
 */
public final class Packer {
    private Packer() {}

    /**
     * Packs bytes {@code [position, position + length)} of the stream of {@code count} elements of {@code type} that
     * starts at {@code base[offset]} into {@code dst}.
     */
    public static void pack(Object base, long offset, int count, TypeMap type, long position, MemorySegment dst,
            long dstOffset, long length) {
        if (type.isContiguous()) {
            BufferCopy.toSegment(base, offset + position, dst, dstOffset, length);
        } else if (UserBuffer.isOnDevice(base)) {
            ((DeviceBuffer) base).pack(offset, type, position, dst, dstOffset, length);
        } else {
            move(true, base, offset, count, type, position, dst, dstOffset, length);
        }
    }

    /** The reverse of {@link #pack}; bytes of gaps are left alone. */
    public static void unpack(MemorySegment src, long srcOffset, Object base, long offset, int count, TypeMap type,
            long position, long length) {
        if (type.isContiguous()) {
            BufferCopy.fromSegment(src, srcOffset, base, offset + position, length);
        } else if (UserBuffer.isOnDevice(base)) {
            ((DeviceBuffer) base).unpack(src, srcOffset, offset, type, position, length);
        } else {
            move(false, base, offset, count, type, position, src, srcOffset, length);
        }
    }

    private static void move(boolean pack, Object base, long offset, int count, TypeMap type, long position,
            MemorySegment packed, long packedOffset, long length) {
        if (length == 0) {
            return;
        }
        BlockLayout layout = type.layout;
        // When the elements go on in the stride of the tiles, the whole message is one run of tiles.
        boolean oneRun = layout.repeats == 1 || type.extent() == layout.repeats * layout.stride;
        long stride = layout.repeats == 1 ? type.extent() : layout.stride;
        long tilesPerElement = oneRun ? layout.repeats * count : layout.repeats;
        long elementSize = oneRun ? type.size() * count : type.size();
        long tileSize = layout.tileSize;

        long origin = offset + position / elementSize * type.extent();
        long within = position % elementSize;
        long tile = within / tileSize;
        within %= tileSize;
        int block = layout.blockAt(within);
        long skip = within - layout.starts[block];
        boolean strided = layout.offsets.length == 1;
        long left = length;
        long at = packedOffset;
        while (left > 0) {
            long from = origin + tile * stride + layout.offsets[block] + skip;
            long blockLength = layout.lengths[block];
            if (strided && skip == 0 && left >= blockLength) {
                long blocks = Math.min(left / blockLength, tilesPerElement - tile);
                StridedCopy.copy(pack, base, from, stride, blockLength, blocks, packed, at);
                at += blocks * blockLength;
                left -= blocks * blockLength;
                tile += blocks;
            } else {
                long n = Math.min(left, blockLength - skip);
                if (pack) {
                    BufferCopy.toSegment(base, from, packed, at, n);
                } else {
                    BufferCopy.fromSegment(packed, at, base, from, n);
                }
                at += n;
                left -= n;
                skip = 0;
                if (++block == layout.offsets.length) {
                    block = 0;
                    tile++;
                }
            }
            if (tile == tilesPerElement) {
                tile = 0;
                origin += type.extent();
            }
        }
    }
}
