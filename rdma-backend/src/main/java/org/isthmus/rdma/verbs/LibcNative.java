package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.NativeCalls.I;
import static org.isthmus.rdma.verbs.NativeCalls.L;
import static org.isthmus.rdma.verbs.NativeCalls.P;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The calls of the C library that go with verbs: waiting on descriptors, waking a waiter, texts of errors. */
public final class LibcNative {
    private static final int EINTR = 4;
    private static final short POLLIN = 1;
    private static final long POLLFD_BYTES = 8;
    private static final long REVENTS_OFFSET = 6;
    private static final int EFD_NONBLOCK = 04000;
    private static final NativeCalls C = new NativeCalls(Linker.nativeLinker().defaultLookup());
    private static final MethodHandle POLL = C.function("poll", I, P, L, I);
    private static final MethodHandle EVENTFD = C.function("eventfd", I, I, I);
    private static final MethodHandle READ = C.function("read", L, I, P, L);
    private static final MethodHandle WRITE = C.function("write", L, I, P, L);
    private static final MethodHandle CLOSE = C.function("close", I, I);
    private static final MethodHandle STRERROR = C.function("strerror", L, I);
    private static final MethodHandle SCHED_SETAFFINITY = C.function("sched_setaffinity", I, I, L, P);
    private static final MethodHandle SCHED_GETAFFINITY = C.function("sched_getaffinity", I, I, L, P);

    private LibcNative() {}

    /** What strerror(3) says of an errno value. */
    static String errorText(int errno) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            return NativeCalls.text((long) STRERROR.invokeExact(state, errno));
        } catch (Throwable t) {
            throw new IllegalStateException("the call of strerror failed", t);
        }
    }

    /** A descriptor to wake waiters with: readable from {@link #signal} to {@link #clear}. */
    public static int eventDescriptor() throws VerbsException {
        return NativeCalls.number("eventfd", errno -> (int) EVENTFD.invokeExact(errno, 0, EFD_NONBLOCK));
    }

    /** Makes an event descriptor readable. */
    public static void signal(int descriptor) throws VerbsException {
        transfer("write", WRITE, descriptor);
    }

    /** Makes an event descriptor unreadable. */
    public static void clear(int descriptor) throws VerbsException {
        transfer("read", READ, descriptor);
    }

    private static void transfer(String name, MethodHandle call, int descriptor) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(L);
            count.set(L, 0, 1);
            NativeCalls.number(name, errno -> (int) (long) call.invokeExact(errno, descriptor, count, count.byteSize()));
        }
    }

    /** Closes a descriptor. */
    public static void close(int descriptor) throws VerbsException {
        NativeCalls.number("close", errno -> (int) CLOSE.invokeExact(errno, descriptor));
    }

    /**
     * Waits until one of two descriptors is readable.
     *
     * @param millis 0 looks once, a negative number waits without end
     * @return 0 after that time, else 1 if {@code first} is readable, plus 2 if {@code second} is
     */
    public static int await(int first, int second, int millis) throws VerbsException {
        long deadline = System.nanoTime() + millis * 1_000_000L;
        int left = millis;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment descriptors = arena.allocate(2 * POLLFD_BYTES, Integer.BYTES);
            fill(descriptors, 0, first);
            fill(descriptors, POLLFD_BYTES, second);
            while (true) {
                int wait = left;
                int error = NativeCalls.errno("poll", errno -> {
                    int ready = (int) POLL.invokeExact(errno, descriptors, 2L, wait);
                    return Math.min(ready, 0);
                });
                if (error == 0) {
                    return ready(descriptors, 0) + 2 * ready(descriptors, POLLFD_BYTES);
                }
                if (error != EINTR) {
                    throw new VerbsException("poll", "descriptors " + first + " and " + second, error);
                }
                left = millis < 0 ? millis : (int) Math.max(0, (deadline - System.nanoTime()) / 1_000_000);
            }
        }
    }

    private static void fill(MemorySegment descriptors, long at, int descriptor) {
        descriptors.set(I, at, descriptor);
        descriptors.set(ValueLayout.JAVA_SHORT, at + Integer.BYTES, POLLIN);
    }

    private static int ready(MemorySegment descriptors, long at) {
        return descriptors.get(ValueLayout.JAVA_SHORT, at + REVENTS_OFFSET) != 0 ? 1 : 0;
    }

    /** Lets the calling thread run on the processors of the mask alone: bit 0 is processor 0. */
    public static void setAffinity(long mask) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(L);
            set.set(L, 0, mask);
            NativeCalls.check("sched_setaffinity", "processors 0x" + Long.toHexString(mask),
                    errno -> (int) SCHED_SETAFFINITY.invokeExact(errno, 0, set.byteSize(), set));
        }
    }

    /** Mask of the first 64 processors that the calling thread may run on. */
    public static long affinity() throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(1024, Long.BYTES);
            NativeCalls.number("sched_getaffinity",
                    errno -> (int) SCHED_GETAFFINITY.invokeExact(errno, 0, set.byteSize(), set));
            return set.get(L, 0);
        }
    }
}
