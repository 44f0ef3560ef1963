package org.isthmus.rdma.backend;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.isthmus.node.spi.EndpointAddress;

/** Where an endpoint listens, as bytes: length of the address 1 (4 or 16), address, port 2. */
final class RdmaAddress {
    private RdmaAddress() {}

    static EndpointAddress encode(InetSocketAddress listener) {
        byte[] address = listener.getAddress().getAddress();
        return new EndpointAddress(RdmaBackend.NAME, ByteBuffer.allocate(1 + address.length + Short.BYTES)
                .put((byte) address.length).put(address).putShort((short) listener.getPort()).array());
    }

    /** {@link IllegalArgumentException} if it is none of ours. */
    static InetSocketAddress decode(EndpointAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.requireBackend(RdmaBackend.NAME).bytes());
        try {
            int length = bytes.get();
            if (length != 4 && length != 16) {
                throw malformed(address);
            }
            byte[] raw = new byte[length];
            bytes.get(raw);
            InetSocketAddress listener =
                    new InetSocketAddress(InetAddress.getByAddress(raw), Short.toUnsignedInt(bytes.getShort()));
            if (bytes.hasRemaining()) {
                throw malformed(address);
            }
            return listener;
        } catch (BufferUnderflowException | UnknownHostException e) {
            throw malformed(address);
        }
    }

    private static IllegalArgumentException malformed(EndpointAddress address) {
        return new IllegalArgumentException("rdma address " + address
                + " is malformed: an address of 4 or 16 bytes and a port are needed");
    }
}
