package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.bytes;
import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u16;
import static org.isthmus.rdma.verbs.StructLayouts.u32;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * {@code struct sockaddr_in6}, and {@code struct sockaddr_in}, which begins alike. Port and address are big-endian.
 *
 * <pre>
 *   0  sin6_family    u16  2: IPv4, 10: IPv6
 *   2  sin6_port      u16
 *   4  sin6_flowinfo  u32      IPv4: the address
 *   8  sin6_addr      16 bytes
 *  24  sin6_scope_id  u32
 *  28
 * </pre>
 */
public final class SocketAddressDescriptor {
    public static final StructLayout LAYOUT = struct("sockaddr_in6", u16("sin6_family"), u16("sin6_port"),
            u32("sin6_flowinfo"), bytes("sin6_addr", 16), u32("sin6_scope_id"));
    public static final long FAMILY_OFFSET = offset(LAYOUT, "sin6_family");
    public static final long PORT_OFFSET = offset(LAYOUT, "sin6_port");
    public static final long ADDRESS4_OFFSET = offset(LAYOUT, "sin6_flowinfo");
    public static final long ADDRESS6_OFFSET = offset(LAYOUT, "sin6_addr");
    public static final long SCOPE_OFFSET = offset(LAYOUT, "sin6_scope_id");
    public static final long BYTES = LAYOUT.byteSize();
    private static final short INET4 = 2;
    private static final short INET6 = 10;
    private static final ValueLayout.OfShort BIG_ENDIAN_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddressDescriptor() {}

    /** Writes an address with its port; {@code target} has {@link #BYTES}. */
    public static void write(MemorySegment target, InetSocketAddress address) throws UnknownHostException {
        InetAddress host = address.getAddress();
        if (host == null) {
            throw new UnknownHostException(
                    address.getHostString() + " has no IP address: check its spelling and the resolver");
        }
        target.fill((byte) 0);
        byte[] bytes = host.getAddress();
        target.set(ValueLayout.JAVA_SHORT, FAMILY_OFFSET, bytes.length == 4 ? INET4 : INET6);
        target.set(BIG_ENDIAN_SHORT, PORT_OFFSET, (short) address.getPort());
        MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE,
                bytes.length == 4 ? ADDRESS4_OFFSET : ADDRESS6_OFFSET, bytes.length);
        if (host instanceof Inet6Address six) {
            target.set(ValueLayout.JAVA_INT, SCOPE_OFFSET, six.getScopeId());
        }
    }

    /** Reads an address; null if none was ever set. */
    public static InetSocketAddress read(MemorySegment source) throws UnknownHostException {
        short family = source.get(ValueLayout.JAVA_SHORT, FAMILY_OFFSET);
        if (family != INET4 && family != INET6) {
            return null;
        }
        byte[] bytes = new byte[family == INET4 ? 4 : 16];
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, family == INET4 ? ADDRESS4_OFFSET : ADDRESS6_OFFSET, bytes, 0,
                bytes.length);
        InetAddress host = family == INET4 ? InetAddress.getByAddress(bytes)
                : Inet6Address.getByAddress(null, bytes, source.get(ValueLayout.JAVA_INT, SCOPE_OFFSET));
        return new InetSocketAddress(host, source.get(BIG_ENDIAN_SHORT, PORT_OFFSET) & 0xffff);
    }
}
