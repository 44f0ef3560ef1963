package org.isthmus.rdma.verbs;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** How descriptors say a C struct: fields under their C names, pointers and 64-bit words as longs. */
final class StructLayouts {
    private StructLayouts() {}

    static MemoryLayout u8(String name) {
        return ValueLayout.JAVA_BYTE.withName(name);
    }

    static MemoryLayout u16(String name) {
        return ValueLayout.JAVA_SHORT.withName(name);
    }

    static MemoryLayout u32(String name) {
        return ValueLayout.JAVA_INT.withName(name);
    }

    static MemoryLayout u64(String name) {
        return ValueLayout.JAVA_LONG.withName(name);
    }

    static MemoryLayout bytes(String name, long count) {
        return MemoryLayout.sequenceLayout(count, ValueLayout.JAVA_BYTE).withName(name);
    }

    static MemoryLayout gap(long bytes) {
        return MemoryLayout.paddingLayout(bytes);
    }

    static StructLayout struct(String name, MemoryLayout... fields) {
        return MemoryLayout.structLayout(fields).withName(name);
    }

    /** @param field a C name; one inside another struct with dots: {@code wr.rdma.rkey} */
    static long offset(StructLayout struct, String field) {
        return struct.byteOffset(Arrays.stream(field.split("\\.")).map(PathElement::groupElement)
                .toArray(PathElement[]::new));
    }
}
