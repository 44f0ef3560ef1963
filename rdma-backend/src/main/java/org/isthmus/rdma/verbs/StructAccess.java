package org.isthmus.rdma.verbs;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads structs that the libraries own, by address and a descriptor's offset. The caller vouches for the address. */
public final class StructAccess {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private StructAccess() {}

    public static long getLong(long struct, long offset) {
        return ALL.get(ValueLayout.JAVA_LONG, struct + offset);
    }

    public static int getInt(long struct, long offset) {
        return ALL.get(ValueLayout.JAVA_INT, struct + offset);
    }

    public static byte getByte(long struct, long offset) {
        return ALL.get(ValueLayout.JAVA_BYTE, struct + offset);
    }

    /** A view of {@code bytes} there. */
    public static MemorySegment slice(long struct, long offset, long bytes) {
        return ALL.asSlice(struct + offset, bytes);
    }
}
