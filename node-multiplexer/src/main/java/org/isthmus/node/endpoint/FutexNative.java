package org.isthmus.node.endpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Linux futex(2) on words of shared memory, so that a rank can sleep until another one wakes it.
 *
 * <p>Loaded on the first sleep, and only when native access is enabled for this code
 * ({@code --enable-native-access=ALL-UNNAMED}); otherwise ranks sleep by timer.
 */
final class FutexNative {
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final long SYS_FUTEX = System.getProperty("os.arch").equals("aarch64") ? 98 : 202;
    private static final MemorySegment SYSCALL = Linker.nativeLinker().defaultLookup().findOrThrow("syscall");
    /** Takes the function as an argument: bound to it, each rank would spin eight classes more. */
    private static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(1));

    private FutexNative() {}

    /** A timespec for {@link #await}, kept by the caller. */
    static MemorySegment timeout(long nanos) {
        MemorySegment timespec = Arena.global().allocate(16, 8);
        timespec.set(ValueLayout.JAVA_LONG, 0, nanos / 1_000_000_000);
        timespec.set(ValueLayout.JAVA_LONG, 8, nanos % 1_000_000_000);
        return timespec;
    }

    /** Sleeps while the word at {@code address} is {@code expected}, until woken, interrupted or timed out. */
    static void await(long address, int expected, MemorySegment timeout) {
        call(address, FUTEX_WAIT, expected, timeout.address());
    }

    /** Wakes up to {@code count} sleepers on the word at {@code address}. */
    static void wake(long address, int count) {
        call(address, FUTEX_WAKE, count, 0);
    }

    private static void call(long address, int operation, int value, long timeout) {
        try {
            long ignored = (long) CALL.invokeExact(SYSCALL, SYS_FUTEX, address, operation, value, timeout, 0L, 0);
        } catch (Throwable t) {
            throw new IllegalStateException("futex call failed", t);
        }
    }
}
