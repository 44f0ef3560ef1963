package org.isthmus.tcpx;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.node.spi.EndpointAddress;

/** The listening addresses of an endpoint as bytes: count 1, then for each its length 1 (4 or 16), address, port 2. */
final class TcpxAddress {
    private TcpxAddress() {}

    static EndpointAddress encode(List<InetSocketAddress> listeners) {
        ByteBuffer bytes = ByteBuffer.allocate(1 + listeners.size() * (1 + 16 + 2)).put((byte) listeners.size());
        for (InetSocketAddress listener : listeners) {
            byte[] address = listener.getAddress().getAddress();
            bytes.put((byte) address.length).put(address).putShort((short) listener.getPort());
        }
        byte[] used = new byte[bytes.flip().remaining()];
        bytes.get(used);
        return new EndpointAddress(TcpxBackend.NAME, used);
    }

    /** {@link IllegalArgumentException} if it is none of ours. */
    static List<InetSocketAddress> decode(EndpointAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.requireBackend(TcpxBackend.NAME).bytes());
        List<InetSocketAddress> listeners = new ArrayList<>();
        try {
            int count = bytes.get();
            if (count < 1 || count > TcpxOptions.MAX_NICS) {
                throw malformed(address);
            }
            for (int i = 0; i < count; i++) {
                int length = bytes.get();
                if (length != 4 && length != 16) {
                    throw malformed(address);
                }
                byte[] raw = new byte[length];
                bytes.get(raw);
                listeners.add(new InetSocketAddress(InetAddress.getByAddress(raw),
                        Short.toUnsignedInt(bytes.getShort())));
            }
        } catch (BufferUnderflowException | UnknownHostException e) {
            throw malformed(address);
        }
        if (bytes.hasRemaining()) {
            throw malformed(address);
        }
        return List.copyOf(listeners);
    }

    private static IllegalArgumentException malformed(EndpointAddress address) {
        return new IllegalArgumentException("tcpx address " + address + " is malformed: 1 to " + TcpxOptions.MAX_NICS
                + " addresses of 4 or 16 bytes with a port each are needed");
    }
}
