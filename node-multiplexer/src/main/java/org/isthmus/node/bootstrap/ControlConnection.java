package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/** One end of a control socket: frames {@link ControlMessage}s. Any thread may send, one thread receives. */
final class ControlConnection implements AutoCloseable {
    private static final int PREFIX_BYTES = 5;

    final SocketChannel channel;
    private ByteBuffer input = ByteBuffer.allocate(256);

    /** Takes over a channel in non-blocking mode. */
    ControlConnection(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Hands a message to the kernel. A peer that has let its socket buffer fill up with these few, short messages does
     * not read any more: its connection is closed, which it sees as the death of this side.
     *
     * @return false if the peer is gone
     */
    synchronized boolean send(ControlMessage message) {
        ByteBuffer bytes = message.encode();
        try {
            channel.write(bytes);
            if (!bytes.hasRemaining()) {
                return true;
            }
            channel.close();
            return false;
        } catch (IOException e) {
            return false; // reported by the receiving side as the end of the connection
        }
    }

    /**
     * Reads what has arrived, without waiting.
     *
     * @return false at the end of the stream
     * @throws IOException if the connection broke or the peer does not speak this protocol
     */
    boolean fill() throws IOException {
        while (true) {
            int count = channel.read(input);
            if (count <= 0) {
                return count == 0;
            }
            if (!input.hasRemaining()) {
                if (input.capacity() > PREFIX_BYTES + ControlMessage.MAX_BODY) {
                    return true;
                }
                input = ByteBuffer.wrap(Arrays.copyOf(input.array(), 2 * input.capacity())).position(input.position());
            }
        }
    }

    /** The next complete message, or null. */
    ControlMessage next() throws IOException {
        input.flip();
        try {
            if (input.remaining() < PREFIX_BYTES) {
                return null;
            }
            int length = input.getInt(input.position());
            if (length < 0 || length > ControlMessage.MAX_BODY) {
                throw new IOException("control message of " + length + " bytes; at most " + ControlMessage.MAX_BODY
                        + " are allowed");
            }
            if (input.remaining() < PREFIX_BYTES + length) {
                return null;
            }
            byte type = input.get(input.position() + 4);
            ByteBuffer body = input.slice(input.position() + PREFIX_BYTES, length);
            input.position(input.position() + PREFIX_BYTES + length);
            return ControlMessage.decode(type, body);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            input.compact();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
