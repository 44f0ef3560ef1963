package org.isthmus.tcpx.zerocopy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The socket calls of the C library that Java's channels lack, on file descriptors. To be loaded only where native
 * access is enabled. Calls answer a number, or an errno value as a negative number. An instance belongs to one thread
 * and allocates nothing after its start.
 */
final class SocketNative {
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EINVAL = 22;
    static final int ENOPROTOOPT = 92;
    static final int ENOBUFS = 105;
    static final int SOL_SOCKET = 1;
    static final int AF_INET = 2;
    static final int SOCK_STREAM = 1;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_ERRQUEUE = 0x2000;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_MORE = 0x8000;
    static final int MSG_ZEROCOPY = 0x4000000;

    private static final ValueLayout.OfInt I = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong L = ValueLayout.JAVA_LONG;
    private static final ValueLayout P = ValueLayout.ADDRESS;
    private static final MethodHandle SEND = handle("send", FunctionDescriptor.of(L, I, L, L, I));
    private static final MethodHandle RECVMSG = handle("recvmsg", FunctionDescriptor.of(L, I, P, I));
    private static final MethodHandle SETSOCKOPT = handle("setsockopt", FunctionDescriptor.of(I, I, I, I, P, I));
    private static final MethodHandle GETSOCKNAME = handle("getsockname", FunctionDescriptor.of(I, I, P, P));
    private static final MethodHandle GETPEERNAME = handle("getpeername", FunctionDescriptor.of(I, I, P, P));
    private static final MethodHandle SOCKET = handle("socket", FunctionDescriptor.of(I, I, I, I));
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(I, I));

    private final MemorySegment errno = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow(name), descriptor,
                Linker.Option.captureCallState("errno"));
    }

    /** What the errno value of a call means, as an exception. */
    static IOException failed(String call, long errno) {
        return new IOException(call + " failed with errno " + errno);
    }

    long send(int descriptor, long address, long length, int flags) {
        try {
            return answer((long) SEND.invokeExact(errno, descriptor, address, length, flags));
        } catch (Throwable t) {
            throw new IllegalStateException("send", t);
        }
    }

    long receiveMessage(int descriptor, MemorySegment message, int flags) {
        try {
            return answer((long) RECVMSG.invokeExact(errno, descriptor, message, flags));
        } catch (Throwable t) {
            throw new IllegalStateException("recvmsg", t);
        }
    }

    long setOption(int descriptor, int level, int name, MemorySegment value) {
        try {
            return answer((int) SETSOCKOPT.invokeExact(errno, descriptor, level, name, value, (int) value.byteSize()));
        } catch (Throwable t) {
            throw new IllegalStateException("setsockopt", t);
        }
    }

    /** @param length of {@code address}; the call writes how much it used */
    long socketName(int descriptor, MemorySegment address, MemorySegment length) {
        try {
            return answer((int) GETSOCKNAME.invokeExact(errno, descriptor, address, length));
        } catch (Throwable t) {
            throw new IllegalStateException("getsockname", t);
        }
    }

    long peerName(int descriptor, MemorySegment address, MemorySegment length) {
        try {
            return answer((int) GETPEERNAME.invokeExact(errno, descriptor, address, length));
        } catch (Throwable t) {
            throw new IllegalStateException("getpeername", t);
        }
    }

    /** A new TCP socket over IPv4. */
    long socket() {
        try {
            return answer((int) SOCKET.invokeExact(errno, AF_INET, SOCK_STREAM, 0));
        } catch (Throwable t) {
            throw new IllegalStateException("socket", t);
        }
    }

    long close(int descriptor) {
        try {
            return answer((int) CLOSE.invokeExact(errno, descriptor));
        } catch (Throwable t) {
            throw new IllegalStateException("close", t);
        }
    }

    private long answer(long result) {
        return result < 0 ? -errno.get(I, 0) : result;
    }
}
