package org.isthmus.comm.datatype;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;

/** The Java element type at the bottom of a datatype: decides which arrays and NIO buffers it may be used with. */
public enum Primitive {
    BYTE(1, byte[].class),
    CHAR(2, char[].class),
    SHORT(2, short[].class),
    BOOLEAN(1, boolean[].class),
    INT(4, int[].class),
    LONG(8, long[].class),
    FLOAT(4, float[].class),
    DOUBLE(8, double[].class),
    PACKED(1, byte[].class);

    private final int bytes;
    private final Class<?> arrayClass;

    Primitive(int bytes, Class<?> arrayClass) {
        this.bytes = bytes;
        this.arrayClass = arrayClass;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** The only array class that a message of this element type may be read from or written to. */
    public Class<?> arrayClass() {
        return arrayClass;
    }

    /** A new array for elements of this type. */
    public Object newArray(int length) {
        return Array.newInstance(arrayClass.getComponentType(), length);
    }

    /** Bytes in a message buffer: a primitive array or a {@code MemorySegment}. */
    public static long byteSize(Object base) {
        return switch (base) {
            case MemorySegment s -> s.byteSize();
            case byte[] a -> a.length;
            case boolean[] a -> a.length;
            case char[] a -> 2L * a.length;
            case short[] a -> 2L * a.length;
            case int[] a -> 4L * a.length;
            case float[] a -> 4L * a.length;
            case long[] a -> 8L * a.length;
            case double[] a -> 8L * a.length;
            default -> throw new IllegalArgumentException("not a message buffer: " + base.getClass().getName());
        };
    }
}
