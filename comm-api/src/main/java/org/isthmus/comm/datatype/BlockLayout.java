package org.isthmus.comm.datatype;

import java.util.Arrays;

/**
 * Where the bytes of one element of a datatype lie, in packing order: a tile of gap-free blocks, repeated at a fixed
 * stride. Neighbouring blocks are merged; a vector of a million blocks is one block and a repeat count.
 */
final class BlockLayout {
    static final BlockLayout EMPTY = new BlockLayout(new long[0], new long[0], 1, 0);

    /** Offset of each block from the element's origin, in bytes. */
    final long[] offsets;
    /** Length of each block in bytes, above 0. */
    final long[] lengths;
    /** Position of each block in the packed tile. */
    final long[] starts;
    /** Packed bytes of one tile. */
    final long tileSize;
    /** Tiles, at least 1. */
    final long repeats;
    /** Distance of the tiles in bytes. */
    final long stride;

    private BlockLayout(long[] offsets, long[] lengths, long repeats, long stride) {
        this.offsets = offsets;
        this.lengths = lengths;
        this.repeats = repeats;
        this.stride = stride;
        this.starts = new long[lengths.length];
        long size = 0;
        for (int i = 0; i < lengths.length; i++) {
            starts[i] = size;
            size += lengths[i];
        }
        this.tileSize = size;
    }

    static BlockLayout of(long offset, long length) {
        return new BlockLayout(new long[] {offset}, new long[] {length}, 1, 0);
    }

    static BlockLayout of(long[] offsets, long[] lengths, long repeats, long stride) {
        return new BlockLayout(offsets, lengths, repeats, stride);
    }

    /** What repeats. */
    BlockLayout tile() {
        return new BlockLayout(offsets, lengths, 1, 0);
    }

    long size() {
        return tileSize * repeats;
    }

    boolean isSingleBlock() {
        return offsets.length == 1 && repeats == 1;
    }

    /** Index of the block that holds byte {@code position} of the packed tile. */
    int blockAt(long position) {
        if (offsets.length == 1) {
            return 0;
        }
        int i = Arrays.binarySearch(starts, position);
        return i >= 0 ? i : -i - 2;
    }

    /** This layout {@code count} times, {@code distance} bytes apart. */
    BlockLayout repeat(long count, long distance) {
        if (count == 0 || offsets.length == 0) {
            return EMPTY;
        }
        if (count == 1) {
            return this;
        }
        if (isSingleBlock() && distance == lengths[0]) {
            return of(offsets[0], count * lengths[0]);
        }
        if (repeats == 1) {
            return new BlockLayout(offsets, lengths, count, distance);
        }
        if (distance == repeats * stride) {
            return new BlockLayout(offsets, lengths, count * repeats, stride);
        }
        Builder tile = new Builder();
        tile.add(this, 0);
        return tile.build().repeat(count, distance);
    }

    /** This layout, {@code displacement} bytes later. */
    BlockLayout shift(long displacement) {
        long[] shifted = new long[offsets.length];
        Arrays.setAll(shifted, i -> offsets[i] + displacement);
        return new BlockLayout(shifted, lengths, repeats, stride);
    }

    /** Whether every offset, length and stride is a multiple of {@code bytes}. */
    boolean isMultipleOf(int bytes) {
        long bits = repeats > 1 ? stride : 0;
        for (int i = 0; i < offsets.length; i++) {
            bits |= offsets[i] | lengths[i];
        }
        return (bits & (bytes - 1)) == 0;
    }

    /** Lines layouts up in packing order. */
    static final class Builder {
        private long[] offsets = new long[8];
        private long[] lengths = new long[8];
        private int count;

        void add(BlockLayout layout, long displacement) {
            for (long r = 0; r < layout.repeats; r++) {
                long origin = displacement + r * layout.stride;
                for (int i = 0; i < layout.offsets.length; i++) {
                    add(origin + layout.offsets[i], layout.lengths[i]);
                }
            }
        }

        private void add(long offset, long length) {
            if (count > 0 && offsets[count - 1] + lengths[count - 1] == offset) {
                lengths[count - 1] += length;
                return;
            }
            if (count == offsets.length) {
                offsets = Arrays.copyOf(offsets, 2 * count);
                lengths = Arrays.copyOf(lengths, 2 * count);
            }
            offsets[count] = offset;
            lengths[count++] = length;
        }

        BlockLayout build() {
            return count == 0 ? EMPTY : new BlockLayout(Arrays.copyOf(offsets, count), Arrays.copyOf(lengths, count),
                    1, 0);
        }
    }
}
