package org.isthmus.node.bootstrap.exchange;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.SocketTimeoutException;

/**
 * A PMI server at the other end of an inherited socket: what {@code PMI_FD} names. The JDK opens no inherited
 * descriptor by its number, so read(2), write(2), poll(2) and close(2) are called; to be loaded only where native
 * access is enabled.
 */
final class PmiDescriptorNative implements PmiStream {
    private static final int POLLIN = 1;
    private static final int EINTR = 4;
    private static final int CHUNK = 4096;
    private static final long POLLFD_BYTES = 8;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final MethodHandle READ =
            handle("read", FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG));
    private static final MethodHandle WRITE =
            handle("write", FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG));
    private static final MethodHandle POLL = handle("poll", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, LONG, INT));
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(INT, INT));

    private final int descriptor;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
    private final MemorySegment buffer = arena.allocate(CHUNK);
    private final MemorySegment pollfd = arena.allocate(POLLFD_BYTES, Integer.BYTES);

    PmiDescriptorNative(int descriptor) {
        this.descriptor = descriptor;
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, ERRNO);
    }

    @Override
    public int read(byte[] target, Deadline deadline) throws IOException {
        awaitInput(deadline);
        int count = (int) transfer(READ, "read", Math.min(target.length, CHUNK));
        if (count == 0) {
            return -1;
        }
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, target, 0, count);
        return count;
    }

    private void awaitInput(Deadline deadline) throws IOException {
        while (true) {
            pollfd.set(INT, 0, descriptor);
            pollfd.set(INT, Integer.BYTES, POLLIN);
            int ready;
            try {
                ready = (int) POLL.invokeExact(errno, pollfd, 1L, deadline.millisLeft());
            } catch (Throwable t) {
                throw new IllegalStateException("poll failed", t);
            }
            if (ready > 0) {
                return;
            }
            if (ready < 0 && error() != EINTR) {
                throw new IOException("poll of descriptor " + descriptor + " failed with errno " + error());
            }
            if (deadline.passed()) {
                throw new SocketTimeoutException("no answer in time");
            }
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        int done = 0;
        while (done < bytes.length) {
            int count = Math.min(CHUNK, bytes.length - done);
            MemorySegment.copy(bytes, done, buffer, ValueLayout.JAVA_BYTE, 0, count);
            done += (int) transfer(WRITE, "write", count);
        }
    }

    private long transfer(MethodHandle call, String name, long count) throws IOException {
        while (true) {
            long result;
            try {
                result = (long) call.invokeExact(errno, descriptor, buffer, count);
            } catch (Throwable t) {
                throw new IllegalStateException(name + " failed", t);
            }
            if (result >= 0) {
                return result;
            }
            if (error() != EINTR) {
                throw new IOException(name + " of descriptor " + descriptor + " failed with errno " + error());
            }
        }
    }

    private int error() {
        return errno.get(INT, 0);
    }

    @Override
    public void close() {
        if (!arena.scope().isAlive()) {
            return;
        }
        try {
            int ignored = (int) CLOSE.invokeExact(errno, descriptor);
        } catch (Throwable t) {
            throw new IllegalStateException("close failed", t);
        }
        arena.close();
    }
}
