package org.isthmus.allocator.slab;

/**
 * The name of an allocated block, valid in every process of the node; never an address.
 *
 * <pre>
 *  63        52 51        44 43    31 30        15 14    10 9       0
 *  +-----------+------------+--------+------------+--------+---------+
 *  | generation| class + 1  |   0    | superpage  | slice  | index   |
 *  +-----------+------------+--------+------------+--------+---------+
 *                                     \___________ block id ________/
 * </pre>
 *
 * The slice is the first of the block's slab. 0 is no block. A handle read from shared memory is only as good as its
 * writer: {@link #isWellFormed} says whether its fields lie in range, the state word whether it is current.
 */
public final class Handle {
    /** No block. */
    public static final long NONE = 0;

    public static final int SUPERPAGE_SHIFT = 15;
    public static final int SLICE_SHIFT = 10;
    public static final int INDEX_MASK = (1 << SLICE_SHIFT) - 1;
    /** Most superpages that an id can name. */
    public static final int MAX_SUPERPAGES = 1 << 16;

    private static final int CLASS_SHIFT = 44;
    private static final int CLASS_MASK = 0xff;
    private static final int GENERATION_SHIFT = 52;
    private static final long UNUSED = 0x1fffL << 31;
    /** By class + 1; for every index that its field may have below 128. */
    private static final long[] BLOCK_BYTES = new long[128];

    static {
        for (int c = 0; c <= SizeClasses.BIG; c++) {
            BLOCK_BYTES[c + 1] = SizeClasses.bytes(c);
        }
    }

    private Handle() {}

    /** @param state the block's state word, for its generation */
    public static long of(int id, int sizeClass, int state) {
        return (long) StateWord.generation(state) << GENERATION_SHIFT | (long) (sizeClass + 1) << CLASS_SHIFT | id;
    }

    /** Slice counted from the begin of the area; bits that mean nothing make it larger than any. */
    public static long sliceOfArea(long handle) {
        return handle >>> SLICE_SHIFT & (1L << CLASS_SHIFT - SLICE_SHIFT) - 1;
    }

    /** The name of the same block in its next life. */
    public static long next(long handle) {
        return handle + (1L << GENERATION_SHIFT);
    }

    public static int generation(long handle) {
        return (int) (handle >>> GENERATION_SHIFT);
    }

    public static int sizeClass(long handle) {
        return ((int) (handle >>> CLASS_SHIFT) & CLASS_MASK) - 1;
    }

    /** {@link SizeClasses#bytes} of its class. */
    public static long blockBytes(long handle) {
        return BLOCK_BYTES[(int) (handle >>> CLASS_SHIFT) & BLOCK_BYTES.length - 1];
    }

    public static int id(long handle) {
        return (int) handle & Integer.MAX_VALUE;
    }

    /** Id of block {@code index} of the slab that begins at {@code slice} of {@code superpage}. */
    public static int id(int superpage, int slice, int index) {
        return superpage << SUPERPAGE_SHIFT | slice << SLICE_SHIFT | index;
    }

    public static int superpage(int id) {
        return id >>> SUPERPAGE_SHIFT;
    }

    public static int slice(int id) {
        return id >>> SLICE_SHIFT & SizeClasses.SLICES - 1;
    }

    public static int index(int id) {
        return id & INDEX_MASK;
    }

    /** Whether every field of a handle lies in range for an area of {@code superpages}. */
    public static boolean isWellFormed(long handle, int superpages) {
        int c = sizeClass(handle);
        int id = id(handle);
        return hasNoUnusedBits(handle) && c >= 0 && c <= SizeClasses.BIG && superpage(id) < superpages
                && index(id) < SizeClasses.capacity(c) && (slice(id) & SizeClasses.slices(c) - 1) == 0;
    }

    /** Whether the bits that mean nothing are 0. */
    public static boolean hasNoUnusedBits(long handle) {
        return (handle & UNUSED) == 0;
    }

    /** For messages: all fields in words. */
    public static String describe(long handle) {
        int id = id(handle);
        return "handle 0x" + Long.toHexString(handle) + " (superpage " + superpage(id) + ", slice " + slice(id)
                + ", index " + index(id) + ", class " + sizeClass(handle) + ", generation " + generation(handle) + ")";
    }
}
