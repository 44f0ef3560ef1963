package org.isthmus.comm.datatype;

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
}
