package org.isthmus.tcpx.zerocopy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Sends from a socket with {@code MSG_ZEROCOPY}: the kernel transmits the caller's pages. Each send is numbered; the
 * error queue says up to which number the kernel has let go, and whether it copied all the same (loopback, cards
 * without scatter and gather). The first such news turn this off for good: the pinning was in vain. Source: the
 * kernel's {@code msg_zerocopy.rst}.
 *
 * <p>Assumptions (callers must): one thread; bytes that were sent stay as they are until the peer says that it has
 * them, or the socket is reset. Guarantees (we give): never blocks; an error of the socket is an {@link IOException}.
 */
public final class ZeroCopySocket {
    /** Below this many bytes a copy is cheaper than pinning pages and reading the news of them. */
    public static final int SMALLEST = 32 << 10;

    private static final int SO_ZEROCOPY = 60;
    private static final byte ORIGIN_ZEROCOPY = 5;
    private static final byte CODE_COPIED = 1;
    private static final long MSGHDR_BYTES = 56;
    private static final long CONTROL_OFFSET = 32;
    private static final long CONTROL_LENGTH_OFFSET = 40;
    private static final int CONTROL_BYTES = 128;
    private static final long CMSG_HEADER_BYTES = 16;
    private static final long ORIGIN_OFFSET = CMSG_HEADER_BYTES + 4;
    private static final long CODE_OFFSET = CMSG_HEADER_BYTES + 6;
    private static final long FIRST_OFFSET = CMSG_HEADER_BYTES + 8;
    private static final long LAST_OFFSET = CMSG_HEADER_BYTES + 12;
    private static final int SEND_FLAGS = SocketNative.MSG_DONTWAIT | SocketNative.MSG_NOSIGNAL;

    private final SocketNative calls = new SocketNative();
    private final int descriptor;
    private final MemorySegment message = Arena.ofAuto().allocate(MSGHDR_BYTES, Long.BYTES);
    private final MemorySegment control = Arena.ofAuto().allocate(CONTROL_BYTES, Long.BYTES);
    private long sends;
    private long completed;
    private long copied;
    private boolean on = true;

    private ZeroCopySocket(int descriptor) {
        this.descriptor = descriptor;
        message.set(ValueLayout.ADDRESS, CONTROL_OFFSET, control);
    }

    /** Why this process cannot send so; null if it can. */
    public static String obstacle() {
        if (!ZeroCopySocket.class.getModule().isNativeAccessEnabled()) {
            return "native access is not enabled: start java with --enable-native-access=ALL-UNNAMED";
        }
        SocketNative calls = new SocketNative();
        long socket = calls.socket();
        if (socket < 0) {
            return SocketNative.failed("socket", -socket).getMessage();
        }
        long result = enable(calls, (int) socket);
        calls.close((int) socket);
        return result == 0
                ? null : "the kernel does not know SO_ZEROCOPY (errno " + -result + "): Linux 4.14 is needed";
    }

    private static long enable(SocketNative calls, int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            return calls.setOption(descriptor, SocketNative.SOL_SOCKET, SO_ZEROCOPY,
                    arena.allocateFrom(ValueLayout.JAVA_INT, 1));
        }
    }

    /**
     * @param channel connected; stays open while this is used
     * @throws IOException if its descriptor is not found or refuses
     */
    public static ZeroCopySocket of(SocketChannel channel) throws IOException {
        SocketNative calls = new SocketNative();
        int descriptor = SocketDescriptors.of(channel, calls);
        if (descriptor < 0) {
            throw new IOException("no descriptor of " + channel);
        }
        long result = enable(calls, descriptor);
        if (result != 0) {
            throw SocketNative.failed("setsockopt(SO_ZEROCOPY)", -result);
        }
        return new ZeroCopySocket(descriptor);
    }

    /** Whether it is worth trying. */
    public boolean isOn() {
        return on;
    }

    /** Sends what goes before zero-copy bytes, by a copy; they leave together. {@code head} is direct. */
    public void sendHead(ByteBuffer head) throws IOException {
        long address = MemorySegment.ofBuffer(head).address();
        head.position(head.position() + (int) Math.max(0, send(address, head.remaining(), SocketNative.MSG_MORE)));
    }

    /**
     * Sends without a copy.
     *
     * @return how many bytes were taken, 0 if the socket is full; -1 if the kernel has no room to remember pinned
     *     pages: send otherwise for now
     */
    public long send(long address, long length) throws IOException {
        long sent = send(address, length, SocketNative.MSG_ZEROCOPY);
        if (sent > 0) {
            sends++;
        }
        return sent;
    }

    private long send(long address, long length, int flags) throws IOException {
        long result = calls.send(descriptor, address, length, SEND_FLAGS | flags);
        if (result >= 0) {
            return result;
        }
        return switch ((int) -result) {
            case SocketNative.EAGAIN, SocketNative.EINTR -> 0;
            case SocketNative.ENOBUFS -> -1;
            default -> throw SocketNative.failed("send", -result);
        };
    }

    /** Reads the news of the kernel. To be called when the socket is ready, for news make it so. */
    public void poll() throws IOException {
        while (completed < sends) {
            message.set(ValueLayout.JAVA_LONG, CONTROL_LENGTH_OFFSET, CONTROL_BYTES);
            long result = calls.receiveMessage(descriptor, message,
                    SocketNative.MSG_ERRQUEUE | SocketNative.MSG_DONTWAIT);
            if (result == -SocketNative.EAGAIN || result == -SocketNative.EINTR) {
                return;
            } else if (result < 0) {
                throw SocketNative.failed("recvmsg(MSG_ERRQUEUE)", -result);
            }
            if (message.get(ValueLayout.JAVA_LONG, CONTROL_LENGTH_OFFSET) < LAST_OFFSET + Integer.BYTES
                    || control.get(ValueLayout.JAVA_BYTE, ORIGIN_OFFSET) != ORIGIN_ZEROCOPY) {
                throw new IOException("an error in the queue of the socket, errno "
                        + control.get(ValueLayout.JAVA_INT, CMSG_HEADER_BYTES));
            }
            long count = Integer.toUnsignedLong(control.get(ValueLayout.JAVA_INT, LAST_OFFSET)
                    - control.get(ValueLayout.JAVA_INT, FIRST_OFFSET)) + 1;
            completed += count;
            if (control.get(ValueLayout.JAVA_BYTE, CODE_OFFSET) == CODE_COPIED) {
                copied += count;
                on = false;
            }
        }
    }

    /** Sends that the kernel took. */
    public long sends() {
        return sends;
    }

    /** Those of them that it has let go of. */
    public long completed() {
        return completed;
    }

    /** Those of them that it copied. */
    public long copied() {
        return copied;
    }
}
