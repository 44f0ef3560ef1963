package org.isthmus.comm.buffer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;

/**
 * Copies between a user's buffer (primitive array, MemorySegment or DeviceBuffer, offset in bytes) and a segment,
 * without a temporary array. Offsets and lengths of arrays are multiples of the element size. Allocates nothing; any
 * thread.
 */
public final class BufferCopy {
    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    static final ValueLayout.OfChar CHAR = ValueLayout.JAVA_CHAR_UNALIGNED;

    private static final int WORDWISE = 32;

    private BufferCopy() {}

    /** Copies {@code length} bytes from {@code base} into {@code dst}. */
    public static void toSegment(Object base, long offset, MemorySegment dst, long dstOffset, long length) {
        if (base instanceof MemorySegment s) {
            copy(s, offset, dst, dstOffset, length);
        } else {
            arrayToSegment(base, offset, dst, dstOffset, length);
        }
    }

    /**
     * As {@link #toSegment} for a base that is no segment; apart, so that the JIT inlines that one. No switch over
     * patterns: the virtual machine would spin a class for it, in each rank.
     */
    public static void arrayToSegment(Object base, long offset, MemorySegment dst, long dstOffset, long length) {
        if (base instanceof byte[] a) {
            MemorySegment.copy(a, (int) offset, dst, BYTE, dstOffset, (int) length);
        } else if (base instanceof double[] a) {
            MemorySegment.copy(a, (int) (offset >> 3), dst, DOUBLE, dstOffset, (int) (length >> 3));
        } else if (base instanceof int[] a) {
            MemorySegment.copy(a, (int) (offset >> 2), dst, INT, dstOffset, (int) (length >> 2));
        } else if (base instanceof long[] a) {
            MemorySegment.copy(a, (int) (offset >> 3), dst, LONG, dstOffset, (int) (length >> 3));
        } else if (base instanceof float[] a) {
            MemorySegment.copy(a, (int) (offset >> 2), dst, FLOAT, dstOffset, (int) (length >> 2));
        } else if (base instanceof short[] a) {
            MemorySegment.copy(a, (int) (offset >> 1), dst, SHORT, dstOffset, (int) (length >> 1));
        } else if (base instanceof char[] a) {
            MemorySegment.copy(a, (int) (offset >> 1), dst, CHAR, dstOffset, (int) (length >> 1));
        } else if (base instanceof boolean[] a) {
            for (int i = 0; i < (int) length; i++) {
                dst.set(BYTE, dstOffset + i, a[(int) offset + i] ? (byte) 1 : 0);
            }
        } else {
            device(base).pack(offset, TypeMap.of(Primitive.BYTE), 0, dst, dstOffset, length);
        }
    }

    /** Copies {@code length} bytes from {@code src} into {@code base}. */
    public static void fromSegment(MemorySegment src, long srcOffset, Object base, long offset, long length) {
        if (base instanceof MemorySegment s) {
            copy(src, srcOffset, s, offset, length);
        } else {
            segmentToArray(src, srcOffset, base, offset, length);
        }
    }

    /** As {@link #fromSegment} for a base that is no segment. */
    public static void segmentToArray(MemorySegment src, long srcOffset, Object base, long offset, long length) {
        if (base instanceof byte[] a) {
            MemorySegment.copy(src, BYTE, srcOffset, a, (int) offset, (int) length);
        } else if (base instanceof double[] a) {
            MemorySegment.copy(src, DOUBLE, srcOffset, a, (int) (offset >> 3), (int) (length >> 3));
        } else if (base instanceof int[] a) {
            MemorySegment.copy(src, INT, srcOffset, a, (int) (offset >> 2), (int) (length >> 2));
        } else if (base instanceof long[] a) {
            MemorySegment.copy(src, LONG, srcOffset, a, (int) (offset >> 3), (int) (length >> 3));
        } else if (base instanceof float[] a) {
            MemorySegment.copy(src, FLOAT, srcOffset, a, (int) (offset >> 2), (int) (length >> 2));
        } else if (base instanceof short[] a) {
            MemorySegment.copy(src, SHORT, srcOffset, a, (int) (offset >> 1), (int) (length >> 1));
        } else if (base instanceof char[] a) {
            MemorySegment.copy(src, CHAR, srcOffset, a, (int) (offset >> 1), (int) (length >> 1));
        } else if (base instanceof boolean[] a) {
            for (int i = 0; i < (int) length; i++) {
                a[(int) offset + i] = src.get(BYTE, srcOffset + i) != 0;
            }
        } else {
            device(base).unpack(src, srcOffset, offset, TypeMap.of(Primitive.BYTE), 0, length);
        }
    }

    private static DeviceBuffer device(Object base) {
        if (!UserBuffer.isOnDevice(base)) {
            throw new IllegalArgumentException("not a message buffer: " + base.getClass().getName());
        }
        return (DeviceBuffer) base;
    }

    /**
     * Segment to segment; short ones word by word, since a call of the copy stub costs more, and without a loop, which
     * the JIT would unroll in each of many callers.
     */
    private static void copy(MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, long length) {
        if (length > WORDWISE) {
            copyLong(src, srcOffset, dst, dstOffset, length);
            return;
        }
        if ((length & 32) != 0) {
            copyWords(src, srcOffset, dst, dstOffset);
            copyWords(src, srcOffset + 16, dst, dstOffset + 16);
            return;
        }
        long at = 0;
        if ((length & 16) != 0) {
            copyWords(src, srcOffset, dst, dstOffset);
            at = 16;
        }
        if ((length & 8) != 0) {
            dst.set(LONG, dstOffset + at, src.get(LONG, srcOffset + at));
            at += 8;
        }
        if ((length & 7) != 0) {
            copyBytes(src, srcOffset + at, dst, dstOffset + at, (int) length & 7);
        }
    }

    private static void copyWords(MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset) {
        dst.set(LONG, dstOffset, src.get(LONG, srcOffset));
        dst.set(LONG, dstOffset + 8, src.get(LONG, srcOffset + 8));
    }

    private static void copyBytes(MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, int bytes) {
        int at = 0;
        if ((bytes & 4) != 0) {
            dst.set(INT, dstOffset, src.get(INT, srcOffset));
            at = 4;
        }
        if ((bytes & 2) != 0) {
            dst.set(SHORT, dstOffset + at, src.get(SHORT, srcOffset + at));
            at += 2;
        }
        if ((bytes & 1) != 0) {
            dst.set(BYTE, dstOffset + at, src.get(BYTE, srcOffset + at));
        }
    }

    private static void copyLong(MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, long length) {
        MemorySegment.copy(src, srcOffset, dst, dstOffset, length);
    }
}
