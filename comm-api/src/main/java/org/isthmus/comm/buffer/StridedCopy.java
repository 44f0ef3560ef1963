package org.isthmus.comm.buffer;

import java.lang.foreign.MemorySegment;

/**
 * Copies blocks of one size that lie a fixed stride apart in a user's buffer to or from a gap-free run in a segment:
 * the columns of matrices. Blocks of 4 and 8 bytes are moved one element at a time, others by {@link BufferCopy}.
 */
public final class StridedCopy {
    private StridedCopy() {}

    /**
     * @param pack true: from {@code base} to {@code packed}; false: back
     * @param stride bytes from one block to the next in {@code base}, may be negative
     */
    public static void copy(boolean pack, Object base, long offset, long stride, long blockLength, long blocks,
            MemorySegment packed, long packedOffset) {
        switch (base) {
            case double[] a when blockLength == 8 -> {
                int step = (int) (stride >> 3);
                int at = (int) (offset >> 3);
                for (long i = 0; i < blocks; i++, at += step) {
                    if (pack) {
                        packed.set(BufferCopy.DOUBLE, packedOffset + (i << 3), a[at]);
                    } else {
                        a[at] = packed.get(BufferCopy.DOUBLE, packedOffset + (i << 3));
                    }
                }
            }
            case int[] a when blockLength == 4 -> {
                int step = (int) (stride >> 2);
                int at = (int) (offset >> 2);
                for (long i = 0; i < blocks; i++, at += step) {
                    if (pack) {
                        packed.set(BufferCopy.INT, packedOffset + (i << 2), a[at]);
                    } else {
                        a[at] = packed.get(BufferCopy.INT, packedOffset + (i << 2));
                    }
                }
            }
            case long[] a when blockLength == 8 -> {
                int step = (int) (stride >> 3);
                int at = (int) (offset >> 3);
                for (long i = 0; i < blocks; i++, at += step) {
                    if (pack) {
                        packed.set(BufferCopy.LONG, packedOffset + (i << 3), a[at]);
                    } else {
                        a[at] = packed.get(BufferCopy.LONG, packedOffset + (i << 3));
                    }
                }
            }
            case float[] a when blockLength == 4 -> {
                int step = (int) (stride >> 2);
                int at = (int) (offset >> 2);
                for (long i = 0; i < blocks; i++, at += step) {
                    if (pack) {
                        packed.set(BufferCopy.FLOAT, packedOffset + (i << 2), a[at]);
                    } else {
                        a[at] = packed.get(BufferCopy.FLOAT, packedOffset + (i << 2));
                    }
                }
            }
            case MemorySegment m when blockLength == 8 -> {
                for (long i = 0; i < blocks; i++) {
                    if (pack) {
                        packed.set(BufferCopy.LONG, packedOffset + (i << 3),
                                m.get(BufferCopy.LONG, offset + i * stride));
                    } else {
                        m.set(BufferCopy.LONG, offset + i * stride,
                                packed.get(BufferCopy.LONG, packedOffset + (i << 3)));
                    }
                }
            }
            case MemorySegment m when blockLength == 4 -> {
                for (long i = 0; i < blocks; i++) {
                    if (pack) {
                        packed.set(BufferCopy.INT, packedOffset + (i << 2),
                                m.get(BufferCopy.INT, offset + i * stride));
                    } else {
                        m.set(BufferCopy.INT, offset + i * stride,
                                packed.get(BufferCopy.INT, packedOffset + (i << 2)));
                    }
                }
            }
            default -> {
                for (long i = 0; i < blocks; i++) {
                    if (pack) {
                        BufferCopy.toSegment(base, offset + i * stride, packed, packedOffset + i * blockLength,
                                blockLength);
                    } else {
                        BufferCopy.fromSegment(packed, packedOffset + i * blockLength, base, offset + i * stride,
                                blockLength);
                    }
                }
            }
        }
    }
}
