package org.isthmus.comm.buffer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Copies between a user's buffer (primitive array or MemorySegment, offset in bytes) and a segment, without a temporary
 * array. Offsets and lengths of arrays are multiples of the element size.
 */
public final class BufferCopy {
    private static final int SHORT = 32;

    private BufferCopy() {}

    /** Copies {@code length} bytes from {@code base} into {@code dst}. */
    public static void toSegment(Object base, long offset, MemorySegment dst, long dstOffset, long length) {
        switch (base) {
            case MemorySegment s -> copy(s, offset, dst, dstOffset, length);
            case byte[] a -> MemorySegment.copy(a, (int) offset, dst, ValueLayout.JAVA_BYTE, dstOffset, (int) length);
            case double[] a -> MemorySegment.copy(a, (int) (offset >> 3), dst, ValueLayout.JAVA_DOUBLE_UNALIGNED, dstOffset, (int) (length >> 3));
            case int[] a -> MemorySegment.copy(a, (int) (offset >> 2), dst, ValueLayout.JAVA_INT_UNALIGNED, dstOffset, (int) (length >> 2));
            case long[] a -> MemorySegment.copy(a, (int) (offset >> 3), dst, ValueLayout.JAVA_LONG_UNALIGNED, dstOffset, (int) (length >> 3));
            case float[] a -> MemorySegment.copy(a, (int) (offset >> 2), dst, ValueLayout.JAVA_FLOAT_UNALIGNED, dstOffset, (int) (length >> 2));
            case short[] a -> MemorySegment.copy(a, (int) (offset >> 1), dst, ValueLayout.JAVA_SHORT_UNALIGNED, dstOffset, (int) (length >> 1));
            case char[] a -> MemorySegment.copy(a, (int) (offset >> 1), dst, ValueLayout.JAVA_CHAR_UNALIGNED, dstOffset, (int) (length >> 1));
            case boolean[] a -> {
                for (int i = 0; i < (int) length; i++) {
                    dst.set(ValueLayout.JAVA_BYTE, dstOffset + i, a[(int) offset + i] ? (byte) 1 : 0);
                }
            }
            default -> throw new IllegalArgumentException("not a message buffer: " + base.getClass().getName());
        }
    }

    /** Copies {@code length} bytes from {@code src} into {@code base}. */
    public static void fromSegment(MemorySegment src, long srcOffset, Object base, long offset, long length) {
        switch (base) {
            case MemorySegment s -> copy(src, srcOffset, s, offset, length);
            case byte[] a -> MemorySegment.copy(src, ValueLayout.JAVA_BYTE, srcOffset, a, (int) offset, (int) length);
            case double[] a -> MemorySegment.copy(src, ValueLayout.JAVA_DOUBLE_UNALIGNED, srcOffset, a, (int) (offset >> 3), (int) (length >> 3));
            case int[] a -> MemorySegment.copy(src, ValueLayout.JAVA_INT_UNALIGNED, srcOffset, a, (int) (offset >> 2), (int) (length >> 2));
            case long[] a -> MemorySegment.copy(src, ValueLayout.JAVA_LONG_UNALIGNED, srcOffset, a, (int) (offset >> 3), (int) (length >> 3));
            case float[] a -> MemorySegment.copy(src, ValueLayout.JAVA_FLOAT_UNALIGNED, srcOffset, a, (int) (offset >> 2), (int) (length >> 2));
            case short[] a -> MemorySegment.copy(src, ValueLayout.JAVA_SHORT_UNALIGNED, srcOffset, a, (int) (offset >> 1), (int) (length >> 1));
            case char[] a -> MemorySegment.copy(src, ValueLayout.JAVA_CHAR_UNALIGNED, srcOffset, a, (int) (offset >> 1), (int) (length >> 1));
            case boolean[] a -> {
                for (int i = 0; i < (int) length; i++) {
                    a[(int) offset + i] = src.get(ValueLayout.JAVA_BYTE, srcOffset + i) != 0;
                }
            }
            default -> throw new IllegalArgumentException("not a message buffer: " + base.getClass().getName());
        }
    }

    /** Segment to segment; short ones word by word, since a call of the copy stub costs more than they do. */
    private static void copy(MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, long length) {
        if (length > SHORT) {
            MemorySegment.copy(src, srcOffset, dst, dstOffset, length);
            return;
        }
        long at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            dst.set(ValueLayout.JAVA_LONG_UNALIGNED, dstOffset + at, src.get(ValueLayout.JAVA_LONG_UNALIGNED, srcOffset + at));
        }
        for (; at < length; at++) {
            dst.set(ValueLayout.JAVA_BYTE, dstOffset + at, src.get(ValueLayout.JAVA_BYTE, srcOffset + at));
        }
    }
}
