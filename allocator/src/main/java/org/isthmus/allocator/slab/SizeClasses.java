package org.isthmus.allocator.slab;

import java.util.Arrays;

/**
 * The one table of block sizes: multiples of 64 bytes, four for each doubling, and every power of two plus 64, so that
 * a power-of-two payload with a 64-byte envelope fits exactly.
 *
 * <p>Up to 512 bytes every multiple of 64 is a class; above, each doubling {@code (2^k, 2^(k+1)]} has five: 2^k + 64
 * and the quarters. Sizes above {@link #MAX_BYTES} are {@link #BIG}: one block that fills a run of superpages.
 *
 * <pre>
 *  tier   blocks            slab               slab's slices
 *  Tiny   64 B  - 2 KiB     64 KiB             1
 *  Mid    2112  - 64 KiB    512 KiB            8, aligned
 *  Large  65600 - 1 MiB+64  2 MiB              32, a superpage
 *  Big    above             n x 2 MiB          a run of superpages
 * </pre>
 *
 * Slabs take addresses; memory is reserved slice by slice as blocks are first used, so an unused tail costs no memory.
 */
public final class SizeClasses {
    /** Classes of the table; {@link #BIG} comes on top. */
    public static final int COUNT = 64;
    /** The class of blocks that are runs of superpages. */
    public static final int BIG = COUNT;

    public static final int GRANULE = 64;
    public static final int SLICE_BYTES = 64 * 1024;
    public static final int SLICES = 32;
    public static final int SUPERPAGE_BYTES = SLICES * SLICE_BYTES;
    public static final int TINY_MAX_BYTES = 2048;
    public static final int MID_MAX_BYTES = 64 * 1024;
    public static final int MAX_BYTES = (1 << 20) + GRANULE;

    private static final int MID_SLICES = 8;
    private static final int LINEAR = 8;
    private static final int LINEAR_SHIFT = 9;
    private static final int PER_DOUBLING = 5;

    /** Up to here classes are looked up: sizes on both sides of 512 would have the branches mispredicted. */
    private static final int LISTED_BYTES = 8192;

    private static final byte[] LISTED = new byte[LISTED_BYTES / GRANULE];
    private static final int[] BYTES = new int[COUNT + 1];
    private static final int[] CAPACITY = new int[COUNT + 1];

    static {
        for (int c = 0; c < COUNT; c++) {
            BYTES[c] = compute(c);
            CAPACITY[c] = slices(c) * SLICE_BYTES / BYTES[c];
        }
        BYTES[BIG] = SUPERPAGE_BYTES;
        CAPACITY[BIG] = 1;
        for (int i = 0; i < LISTED.length; i++) {
            LISTED[i] = (byte) computed((i + 1) * GRANULE);
        }
    }

    private SizeClasses() {}

    private static int compute(int c) {
        if (c < LINEAR) {
            return (c + 1) * GRANULE;
        }
        int k = LINEAR_SHIFT + (c - LINEAR) / PER_DOUBLING;
        int step = (c - LINEAR) % PER_DOUBLING;
        return (1 << k) + (step == 0 ? GRANULE : step << (k - 2));
    }

    /** Smallest class whose blocks hold {@code bytes}, 1 to {@link #MAX_BYTES}; not checked. */
    public static int of(int bytes) {
        return isListed(bytes) ? ofListed(bytes) : computed(bytes);
    }

    /** Whether {@link #ofListed} knows the class of a size: at least 1 and not large. */
    public static boolean isListed(long bytes) {
        return (bytes - 1 & -LISTED_BYTES) == 0;
    }

    /** The class of a size that {@link #isListed}. */
    public static int ofListed(long bytes) {
        return LISTED[(int) (bytes - 1) >>> 6 & LISTED.length - 1];
    }

    private static int computed(int bytes) {
        int last = bytes - 1;
        if (last < 1 << LINEAR_SHIFT) {
            return last >>> 6;
        }
        int k = 31 - Integer.numberOfLeadingZeros(last);
        int above = last - (1 << k);
        int step = above < GRANULE ? 0 : 1 + (above >>> (k - 2));
        return LINEAR + (k - LINEAR_SHIFT) * PER_DOUBLING + step;
    }

    /** Bytes of a block of class {@code c}; of {@link #BIG}, of which its blocks have a multiple. */
    public static int bytes(int c) {
        return BYTES[c];
    }

    /** The table: bytes of each class, ascending. */
    public static int[] blockBytes() {
        return Arrays.copyOf(BYTES, COUNT);
    }

    /** Slices that a slab of class {@code c} spans; of a run, those of its first superpage. */
    public static int slices(int c) {
        if (c >= BIG || BYTES[c] > MID_MAX_BYTES) {
            return SLICES;
        }
        return BYTES[c] > TINY_MAX_BYTES ? MID_SLICES : 1;
    }

    /** Blocks in a slab of class {@code c}. */
    public static int capacity(int c) {
        return CAPACITY[c];
    }

    /** Superpages of a run that holds {@code bytes}. */
    public static int superpages(long bytes) {
        return (int) ((bytes + SUPERPAGE_BYTES - 1) / SUPERPAGE_BYTES);
    }
}
