package org.isthmus.tcpx;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Two connected non-blocking sockets of this host. */
record SocketPair(SocketChannel out, SocketChannel in) implements AutoCloseable {
    static SocketPair open() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketPair pair = new SocketPair(SocketChannel.open(listener.getLocalAddress()), listener.accept());
            pair.out.configureBlocking(false);
            pair.in.configureBlocking(false);
            return pair;
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
        in.close();
    }
}
