package org.isthmus.allocator.segment;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Linux madvise(2); loaded only where native access is enabled ({@link KernelPages}). */
final class MemoryNative {
    static final int REMOVE = 9;
    static final int HUGE_PAGE = 14;
    static final int POPULATE_WRITE = 23;

    private static final MethodHandle MADVISE = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("madvise"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT));

    private MemoryNative() {}

    /** Whether the kernel took the advice. */
    static boolean advise(long address, long length, int advice) {
        try {
            return (int) MADVISE.invokeExact(address, length, advice) == 0;
        } catch (Throwable t) {
            throw new IllegalStateException("madvise call failed", t);
        }
    }
}
