package org.isthmus.node.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Two connected sockets of this host. */
record SocketPair(SocketChannel dialler, SocketChannel acceptor) implements AutoCloseable {
    static SocketPair open() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel dialler = SocketChannel.open(listener.getLocalAddress());
            return new SocketPair(dialler, listener.accept());
        }
    }

    @Override
    public void close() throws IOException {
        dialler.close();
        acceptor.close();
    }
}
