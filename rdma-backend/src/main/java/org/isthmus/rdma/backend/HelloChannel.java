package org.isthmus.rdma.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The bytes of a hello over a queue pair: the hello's thread reads and writes here, the owner's thread moves the
 * messages. Any thread may call.
 */
final class HelloChannel implements ByteChannel {
    private final Runnable wakeup;
    private final Queue<byte[]> outgoing = new ArrayDeque<>();
    private final Queue<ByteBuffer> incoming = new ArrayDeque<>();
    private boolean ended;
    private boolean closed;

    /** @param wakeup has the owner look for outgoing messages */
    HelloChannel(Runnable wakeup) {
        this.wakeup = wakeup;
    }

    @Override
    public synchronized int read(ByteBuffer into) throws IOException {
        while (incoming.isEmpty() && !ended && !closed) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AsynchronousCloseException();
            }
        }
        if (closed) {
            throw new AsynchronousCloseException();
        } else if (incoming.isEmpty()) {
            return -1;
        }
        ByteBuffer first = incoming.peek();
        int length = Math.min(first.remaining(), into.remaining());
        into.put(first.slice(first.position(), length));
        first.position(first.position() + length);
        if (!first.hasRemaining()) {
            incoming.remove();
        }
        return length;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        byte[] message = new byte[from.remaining()];
        from.get(message);
        synchronized (this) {
            if (closed) {
                throw new AsynchronousCloseException();
            }
            outgoing.add(message);
        }
        wakeup.run();
        return message.length;
    }

    /** The owner: a message has come. */
    synchronized void receive(ByteBuffer message) {
        ByteBuffer copy = ByteBuffer.allocate(message.remaining());
        incoming.add(copy.put(message).flip());
        notifyAll();
    }

    /** The owner: the next message to send, or null. */
    synchronized byte[] take() {
        return outgoing.poll();
    }

    /** The owner: the connection is gone. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    @Override
    public synchronized boolean isOpen() {
        return !closed;
    }

    /** The hello has ended without a connection; what it wrote is still sent. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        wakeup.run();
    }
}
