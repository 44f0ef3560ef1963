package org.isthmus.comm.datatype;

/**
 * Where the bytes of elements of a datatype lie, for whoever packs them by other means than {@link Packer}. Byte
 * {@code p} of the packed stream is of element {@code p / elementBytes}, and in it, with {@code q} the rest, of tile
 * {@code q / tileBytes}; of the blocks of a tile it is in the last one that starts at or before the rest of that.
 *
 * @param starts position of each block in the packed tile, ascending from 0
 * @param offsets offset of each block in its tile, in the buffer
 * @param tileBytes packed bytes of a tile
 * @param stride distance of an element's tiles in the buffer
 * @param elementBytes packed bytes of an element
 * @param extent distance of elements in the buffer
 * @param alignment largest power of two, at most 8, that divides all of these and the lengths of the blocks
 */
public record PackedLayout(long[] starts, long[] offsets, long tileBytes, long stride, long elementBytes, long extent,
        int alignment) {
    private static final int WIDEST = 8;

    /** The arrays are the type's own: to be read only. */
    public static PackedLayout of(TypeMap type) {
        BlockLayout layout = type.layout;
        int alignment = WIDEST;
        while (type.extent() % alignment != 0 || !layout.isMultipleOf(alignment)) {
            alignment >>= 1;
        }
        return new PackedLayout(layout.starts, layout.offsets, layout.tileSize, layout.stride, layout.size(),
                type.extent(), alignment);
    }
}
