package org.isthmus.comm.datatype;

import java.util.Arrays;

/**
 * The blocks of a datatype repeated without end from an origin on: which bytes of a file a view shows (MPI 3.1, section
 * 13.3). The data in them, in order, is a stream; a position is a byte of the stream, an offset a byte of the file.
 *
 * <p>Immutable, usable from any thread. {@link #positionBelow} and everything that looks for windows of the file need
 * {@link #isMonotone()}.
 */
public final class BlockSequence {
    private static final int HEAD = 5;

    private final long origin;
    private final TypeMap type;
    private final BlockLayout layout;
    private final long extent;
    private final boolean monotone;

    /** @param type of which each element is a part of the sequence; its extent is above 0 unless it is empty */
    public BlockSequence(long origin, TypeMap type) {
        this(origin, type.layout, type.extent());
    }

    private BlockSequence(long origin, BlockLayout repeated, long typeExtent) {
        boolean oneRun = repeated.repeats > 1 && typeExtent == repeated.repeats * repeated.stride;
        this.origin = origin;
        this.layout = oneRun ? repeated.tile() : repeated;
        this.extent = oneRun ? repeated.stride : typeExtent;
        long first = layout.offsets.length == 0 ? 0 : Arrays.stream(layout.offsets).min().getAsLong();
        this.type = new TypeMap(Primitive.BYTE, Kind.DERIVED, TypeMap.of(Primitive.BYTE), layout,
                Signature.basic(1).times(layout.size()), new TypeMap.Bounds(0, extent, first, first + extent), 1, true);
        this.monotone = layout.size() == 0 || staysInOrder(layout, extent);
    }

    private static boolean staysInOrder(BlockLayout layout, long extent) {
        int last = layout.offsets.length - 1;
        for (int i = 0; i < last; i++) {
            if (layout.offsets[i] + layout.lengths[i] > layout.offsets[i + 1]) {
                return false;
            }
        }
        long tileEnd = layout.offsets[last] + layout.lengths[last];
        return (layout.repeats == 1 || tileEnd <= layout.offsets[0] + layout.stride)
                && tileEnd + (layout.repeats - 1) * layout.stride <= layout.offsets[0] + extent;
    }

    /** Whether offsets rise with positions, without overlaps. */
    public boolean isMonotone() {
        return monotone;
    }

    /** Whether every displacement of the first element is 0 or more, and each is no lower than the one before. */
    public boolean isOrderedInElement() {
        long last = 0;
        for (long offset : layout.offsets) {
            if (offset < last) {
                return false;
            }
            last = offset;
        }
        return layout.repeats == 1 || layout.stride >= 0;
    }

    /** Whether there is no data in it at all. */
    public boolean isEmpty() {
        return layout.size() == 0;
    }

    /** Whether the stream lies in the file without gaps. */
    public boolean isContiguous() {
        return layout.isSingleBlock() && layout.lengths[0] == extent;
    }

    /** Mean length in bytes of the blocks. */
    public long meanBlock() {
        return isContiguous() ? Long.MAX_VALUE : isEmpty() ? 0 : layout.tileSize / layout.lengths.length;
    }

    /** Share of the file that the blocks cover, from 0 to 1. */
    public double density() {
        return isEmpty() ? 0 : (double) layout.size() / extent;
    }

    /** A number that divides every offset and length. */
    public long granularity() {
        long common = gcd(gcd(origin, extent), layout.repeats > 1 ? layout.stride : 0);
        for (int i = 0; i < layout.offsets.length; i++) {
            common = gcd(gcd(common, layout.offsets[i]), layout.lengths[i]);
        }
        return common;
    }

    /** The greatest common divisor; 0 is divided by everything. */
    public static long gcd(long a, long b) {
        long x = Math.abs(a);
        long y = Math.abs(b);
        while (y != 0) {
            long rest = x % y;
            x = y;
            y = rest;
        }
        return x;
    }

    /** What repeats: {@link #elementOffset} says where, {@link TypeMap#size()} bytes of the stream each. */
    public TypeMap element() {
        return type;
    }

    /** Where element {@code index} of {@link #element()} has its origin. */
    public long elementOffset(long index) {
        return origin + index * extent;
    }

    /** A position up to which every offset fits a long. */
    public long lastPosition() {
        if (isEmpty()) {
            return Long.MAX_VALUE;
        }
        long span = layout.offsets[layout.offsets.length - 1] + layout.lengths[layout.lengths.length - 1]
                + (layout.repeats - 1) * layout.stride;
        long elements = (Long.MAX_VALUE - origin - Math.max(span, extent)) / extent;
        long size = layout.size();
        return elements > Long.MAX_VALUE / size ? Long.MAX_VALUE : elements * size;
    }

    /** Offset of the byte at {@code position}; the sequence is not empty. */
    public long offsetOf(long position) {
        return new Cursor(position).offset();
    }

    /** Offset after the last of {@code length} bytes from {@code position} on; {@code length} is above 0. */
    public long endOf(long position, long length) {
        return offsetOf(position + length - 1) + 1;
    }

    /** How much of the stream lies at offsets below {@code offset}. */
    public long positionBelow(long offset) {
        if (isEmpty()) {
            return 0;
        }
        long distance = offset - origin - layout.offsets[0];
        if (distance <= 0) {
            return 0;
        }
        long element = distance / extent;
        long rest = distance - element * extent;
        long tile = layout.repeats == 1 ? 0 : Math.min(rest / layout.stride, layout.repeats - 1);
        rest += layout.offsets[0] - tile * layout.stride;
        int block = Arrays.binarySearch(layout.offsets, rest);
        block = block >= 0 ? block : -block - 2;
        long inside = layout.starts[block] + Math.min(layout.lengths[block], rest - layout.offsets[block]);
        return element * layout.size() + tile * layout.tileSize + inside;
    }

    /** The sequence as numbers, for another process. */
    public long[] encode() {
        int blocks = layout.offsets.length;
        long[] numbers = new long[HEAD + 2 * blocks];
        numbers[0] = origin;
        numbers[1] = extent;
        numbers[2] = layout.repeats;
        numbers[3] = layout.stride;
        numbers[4] = blocks;
        System.arraycopy(layout.offsets, 0, numbers, HEAD, blocks);
        System.arraycopy(layout.lengths, 0, numbers, HEAD + blocks, blocks);
        return numbers;
    }

    /** What {@link #encode} made numbers of. */
    public static BlockSequence decode(long[] numbers) {
        int blocks = (int) numbers[4];
        BlockLayout tile = BlockLayout.of(Arrays.copyOfRange(numbers, HEAD, HEAD + blocks),
                Arrays.copyOfRange(numbers, HEAD + blocks, HEAD + 2 * blocks), numbers[2], numbers[3]);
        return new BlockSequence(numbers[0], tile, numbers[1]);
    }

    /** Walks the blocks from a position on. */
    public final class Cursor {
        private long element;
        private long tile;
        private int block;
        private long skip;

        public Cursor(long position) {
            element = position / layout.size();
            long within = position % layout.size();
            tile = within / layout.tileSize;
            within %= layout.tileSize;
            block = layout.blockAt(within);
            skip = within - layout.starts[block];
        }

        /** Where the rest of the current block begins. */
        public long offset() {
            return origin + element * extent + tile * layout.stride + layout.offsets[block] + skip;
        }

        /** Bytes left of the current block, above 0. */
        public long length() {
            return layout.lengths[block] - skip;
        }

        /** Goes on by {@code bytes}, at most {@link #length()}. */
        public void advance(long bytes) {
            skip += bytes;
            if (skip < layout.lengths[block]) {
                return;
            }
            skip = 0;
            if (++block == layout.lengths.length) {
                block = 0;
                if (++tile == layout.repeats) {
                    tile = 0;
                    element++;
                }
            }
        }
    }
}
