package org.isthmus.comm.pt2pt;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Linux process_vm_readv(2). Loaded only when native access is enabled for this code. */
final class SingleCopyNative {
    private static final MethodHandle READ = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("process_vm_readv"),
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

    private SingleCopyNative() {}

    /** @return bytes read, negative on error; {@code local} and {@code remote} are one {@code struct iovec} each */
    static long read(int processId, MemorySegment local, MemorySegment remote) {
        try {
            return (long) READ.invokeExact(processId, local, 1L, remote, 1L, 0L);
        } catch (Throwable t) {
            throw new IllegalStateException("process_vm_readv call failed", t);
        }
    }
}
