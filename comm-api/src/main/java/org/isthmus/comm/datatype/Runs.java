package org.isthmus.comm.datatype;

/**
 * Walks over the gap-free runs of bytes in a buffer that a slice of a message's packed byte stream stands for, in
 * packing order. {@link Packer} is for copies; this is for whoever works on the bytes in place.
 *
 * <p>Owned by one thread. Before the first {@link #next} there is no run.
 */
public final class Runs {
    private final BlockLayout layout;
    private final long extent;
    private long element;
    private long tile;
    private int block;
    private long skip;
    private long left;
    private long offset;
    private long length;

    /**
     * Bytes {@code [position, position + length)} of the stream of elements of {@code type}.
     *
     * @param position in bytes of the packed stream
     */
    public Runs(TypeMap type, long position, long length) {
        this.layout = type.layout;
        this.extent = type.extent();
        this.left = length;
        if (length > 0) {
            element = position / type.size();
            long within = position % type.size();
            tile = within / layout.tileSize;
            within %= layout.tileSize;
            block = layout.blockAt(within);
            skip = within - layout.starts[block];
        }
    }

    /** Goes to the next run; false when there is none. */
    public boolean next() {
        if (left == 0) {
            return false;
        }
        offset = element * extent + tile * layout.stride + layout.offsets[block] + skip;
        length = Math.min(left, layout.lengths[block] - skip);
        left -= length;
        skip = 0;
        if (++block == layout.offsets.length) {
            block = 0;
            if (++tile == layout.repeats) {
                tile = 0;
                element++;
            }
        }
        return true;
    }

    /** Where the run begins, in bytes from the start of the message. */
    public long offset() {
        return offset;
    }

    /** Bytes of the run. */
    public long length() {
        return length;
    }
}
