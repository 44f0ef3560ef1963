package org.isthmus.tcpx.zerocopy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Which file descriptor a channel has. Java does not say, but the kernel lists all of this process, and a connected
 * socket is known by its two addresses.
 */
final class SocketDescriptors {
    private static final short AF_INET6 = 10;
    private static final int ADDRESS_BYTES = 128;
    private static final ValueLayout.OfShort PORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketDescriptors() {}

    /** @param channel connected, and open for as long as the number is used; -1 if there is no such descriptor */
    static int of(SocketChannel channel, SocketNative calls) throws IOException {
        InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
        InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
        try (Arena arena = Arena.ofConfined();
                DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            MemorySegment address = arena.allocate(ADDRESS_BYTES, Long.BYTES);
            MemorySegment length = arena.allocate(ValueLayout.JAVA_INT);
            for (Path path : descriptors) {
                int descriptor = Integer.parseInt(path.getFileName().toString());
                length.set(ValueLayout.JAVA_INT, 0, ADDRESS_BYTES);
                if (calls.socketName(descriptor, address, length) == 0 && isThat(address, local)) {
                    length.set(ValueLayout.JAVA_INT, 0, ADDRESS_BYTES);
                    if (calls.peerName(descriptor, address, length) == 0 && isThat(address, remote)) {
                        return descriptor;
                    }
                }
            }
        }
        return -1;
    }

    /** Whether a {@code sockaddr_in} or {@code sockaddr_in6} is that address; IPv4 may lie mapped in IPv6. */
    private static boolean isThat(MemorySegment address, SocketAddress wanted) {
        short family = address.get(ValueLayout.JAVA_SHORT, 0);
        if (family != SocketNative.AF_INET && family != AF_INET6) {
            return false;
        }
        InetSocketAddress that = (InetSocketAddress) wanted;
        byte[] bytes = that.getAddress().getAddress();
        int end = family == AF_INET6 ? 8 + 16 : 4 + 4;
        if (Short.toUnsignedInt(address.get(PORT, 2)) != that.getPort() || bytes.length > end - 4) {
            return false;
        }
        return Arrays.equals(bytes, address.asSlice(end - bytes.length, bytes.length).toArray(ValueLayout.JAVA_BYTE));
    }
}
