package org.isthmus.rdma.verbs;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The calls of the C library that go with verbs: waiting on descriptors, waking a waiter, texts of errors. */
public final class LibcNative {
    private static final int EINTR = 4;
    private static final short POLLIN = 1;
    private static final long POLLFD_BYTES = 8;
    private static final long REVENTS_OFFSET = 6;
    private static final int EFD_NONBLOCK = 04000;
    private static final SymbolLookup C = Linker.nativeLinker().defaultLookup();
    private static final NativeFunction POLL = new NativeFunction(C, "poll");
    private static final NativeFunction EVENTFD = new NativeFunction(C, "eventfd");
    private static final NativeFunction READ = new NativeFunction(C, "read");
    private static final NativeFunction WRITE = new NativeFunction(C, "write");
    private static final NativeFunction CLOSE = new NativeFunction(C, "close");
    private static final NativeFunction STRERROR = new NativeFunction(C, "strerror");
    private static final NativeFunction SCHED_SETAFFINITY = new NativeFunction(C, "sched_setaffinity");
    private static final NativeFunction SCHED_GETAFFINITY = new NativeFunction(C, "sched_getaffinity");

    private LibcNative() {}

    /** What strerror(3) says of an errno value. */
    static String errorText(int errno) {
        return STRERROR.text(errno);
    }

    /** A descriptor to wake waiters with: readable from {@link #signal} to {@link #clear}. */
    public static int eventDescriptor() throws VerbsException {
        return EVENTFD.number("", 0, EFD_NONBLOCK);
    }

    /** Makes an event descriptor readable. */
    public static void signal(int descriptor) throws VerbsException {
        transfer(WRITE, descriptor);
    }

    /** Makes an event descriptor unreadable. */
    public static void clear(int descriptor) throws VerbsException {
        transfer(READ, descriptor);
    }

    private static void transfer(NativeFunction call, int descriptor) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
            count.set(ValueLayout.JAVA_LONG, 0, 1);
            call.number("event descriptor " + descriptor, descriptor, count.address(), count.byteSize());
        }
    }

    /** Closes a descriptor. */
    public static void close(int descriptor) throws VerbsException {
        CLOSE.number("descriptor " + descriptor, descriptor);
    }

    /**
     * Waits until one of some descriptors is readable.
     *
     * @param millis 0 looks once, a negative number waits without end
     * @param descriptors at most 31; negative ones are left out
     * @return 0 after that time, else bit i for each that is readable
     */
    public static int await(int millis, int... descriptors) throws VerbsException {
        long deadline = System.nanoTime() + millis * 1_000_000L;
        int left = millis;
        int count = descriptors.length;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list = arena.allocate(count * POLLFD_BYTES, Integer.BYTES);
            for (int i = 0; i < count; i++) {
                fill(list, i * POLLFD_BYTES, descriptors[i]);
            }
            while (true) {
                int found = POLL.numberOrError(list.address(), count, left);
                if (found >= 0) {
                    int ready = 0;
                    for (int i = 0; i < count; i++) {
                        ready |= ready(list, i * POLLFD_BYTES) << i;
                    }
                    return ready;
                }
                if (found != -EINTR) {
                    throw new VerbsException("poll", "descriptors " + Arrays.toString(descriptors), -found);
                }
                left = millis < 0 ? millis : (int) Math.max(0, (deadline - System.nanoTime()) / 1_000_000);
            }
        }
    }

    private static void fill(MemorySegment descriptors, long at, int descriptor) {
        descriptors.set(ValueLayout.JAVA_INT, at, descriptor);
        descriptors.set(ValueLayout.JAVA_SHORT, at + Integer.BYTES, POLLIN);
    }

    private static int ready(MemorySegment descriptors, long at) {
        return descriptors.get(ValueLayout.JAVA_SHORT, at + REVENTS_OFFSET) != 0 ? 1 : 0;
    }

    /** Lets the calling thread run on the processors of the mask alone: bit 0 is processor 0. */
    public static void setAffinity(long mask) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(ValueLayout.JAVA_LONG);
            set.set(ValueLayout.JAVA_LONG, 0, mask);
            SCHED_SETAFFINITY.check("processors 0x" + Long.toHexString(mask), 0, set.byteSize(), set.address());
        }
    }

    /** Mask of the first 64 processors that the calling thread may run on. */
    public static long affinity() throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(1024, Long.BYTES);
            SCHED_GETAFFINITY.number("", 0, set.byteSize(), set.address());
            return set.get(ValueLayout.JAVA_LONG, 0);
        }
    }
}
