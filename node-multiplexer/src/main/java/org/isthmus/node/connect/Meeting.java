package org.isthmus.node.connect;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The connection between the roots of two groups that meet at a port: they swap one message each, the one that opened
 * the port first. Blocks; one thread at a time.
 */
public final class Meeting implements Closeable {
    private static final int MOST_BYTES = 64 << 20;

    private final SocketChannel channel;
    private final boolean opener;

    Meeting(SocketChannel channel, boolean opener) {
        this.channel = channel;
        this.opener = opener;
    }

    /** Whether this side opened the port. */
    public boolean isOpener() {
        return opener;
    }

    /**
     * Sends {@code mine} and returns the other root's message.
     *
     * @throws IOException if the other side ends the connection: it has ended, or closed its port
     */
    public byte[] swap(byte[] mine) throws IOException {
        if (opener) {
            send(mine);
            return receive();
        }
        byte[] theirs = receive();
        send(mine);
        return theirs;
    }

    private void send(byte[] message) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES + message.length)
                .putInt(message.length).put(message).flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private byte[] receive() throws IOException {
        int length = read(Integer.BYTES).getInt();
        if (length < 0 || length > MOST_BYTES) {
            throw new IOException("a message of " + length + " bytes where at most " + MOST_BYTES + " can come");
        }
        return read(length).array();
    }

    private ByteBuffer read(int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the other side ended the connection");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
