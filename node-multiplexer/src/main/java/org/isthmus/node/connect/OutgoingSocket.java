package org.isthmus.node.connect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The way of frames to one process of another job: a thread connects, then writes what is queued, to the end.
 *
 * <p>States: connecting; open; ending (a last frame is queued); ended. Any thread may call.
 */
final class OutgoingSocket {
    /** Queued bytes beyond which senders are held up. */
    static final long LIMIT = 4 << 20;
    private static final long ANSWER_MILLIS = 1000;

    /** What a socket needs of the process it belongs to. */
    interface Owner {
        /** Connects to the peer and says who is calling. */
        SocketChannel dial(ProcessCard card) throws IOException;

        /** Reads what comes back until the peer ends it; decides what that means. */
        void readBack(StreamLink link, OutgoingSocket socket, SocketChannel channel) throws InterruptedException;

        void onDialFailed(StreamLink link, boolean hasRecords, IOException reason);

        /** There is room again. */
        void onRoom();
    }

    private final StreamLink link;
    private final Owner owner;
    private final Queue<ByteBuffer> frames = new ArrayDeque<>();
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final CompletableFuture<Void> flushed = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private long queued;
    private boolean ending;

    /** @param before the socket before it to the same process, which is ending, or null */
    OutgoingSocket(StreamLink link, Owner owner, OutgoingSocket before) {
        this.link = link;
        this.owner = owner;
        Thread.ofVirtual().name("isthmus-to-" + link.number()).start(() -> run(before));
    }

    synchronized boolean isEnding() {
        return ending;
    }

    synchronized boolean isFull() {
        return queued > LIMIT;
    }

    /** Done once the peer has taken the connection, or it has failed. */
    CompletableFuture<Void> connected() {
        return connected;
    }

    /** Done once all that was queued before {@link #end} is in the kernel's hands, or lost. */
    CompletableFuture<Void> flushed() {
        return flushed;
    }

    CompletableFuture<Void> ended() {
        return ended;
    }

    synchronized void add(ByteBuffer frame) {
        frames.add(frame);
        queued += frame.remaining();
        notifyAll();
    }

    /** Has it end with {@code last} after what is queued. */
    synchronized void end(ByteBuffer last) {
        if (!ending) {
            frames.add(last);
            ending = true;
            notifyAll();
        }
    }

    private void run(OutgoingSocket before) {
        try {
            if (before != null) {
                before.ended.join();
            }
            SocketChannel channel = dial();
            if (channel != null) {
                use(channel);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        } finally {
            connected.complete(null);
            flushed.complete(null);
            ended.complete(null);
        }
    }

    private SocketChannel dial() {
        try {
            return owner.dial(link.card());
        } catch (IOException e) {
            boolean hasRecords;
            synchronized (this) {
                hasRecords = queued > 0;
                ending = true;
                frames.clear();
                queued = 0;
            }
            owner.onDialFailed(link, hasRecords, e);
            owner.onRoom();
            return null;
        }
    }

    private void use(SocketChannel channel) throws InterruptedException {
        connected.complete(null);
        CompletableFuture<Void> answered = new CompletableFuture<>();
        Thread.ofVirtual().name("isthmus-back-from-" + link.number()).start(() -> {
            try {
                owner.readBack(link, this, channel);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            } finally {
                answered.complete(null);
                stop();
            }
        });
        try (channel) {
            for (ByteBuffer frame = next(); frame != null; frame = next()) {
                Frame.write(channel, frame);
                sent();
            }
            flushed.complete(null);
            channel.shutdownOutput();
            answered.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException | TimeoutException e) {
            // The reading thread decides what a broken connection means; a peer that does not answer has all frames.
            System.getLogger(OutgoingSocket.class.getName()).log(System.Logger.Level.DEBUG, "end of a connection", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("never completed so", e);
        }
    }

    /** The next frame; null once it is to end and all is sent. */
    private synchronized ByteBuffer next() throws InterruptedException {
        while (frames.isEmpty() && !ending) {
            wait();
        }
        return frames.peek();
    }

    private void sent() {
        boolean wasFull;
        synchronized (this) {
            wasFull = queued > LIMIT;
            ByteBuffer frame = frames.poll();
            if (frame != null) {
                queued -= Math.min(queued, frame.capacity());
            }
        }
        if (wasFull) {
            owner.onRoom();
        }
    }

    /** The peer takes no more. */
    private synchronized void stop() {
        ending = true;
        frames.clear();
        queued = 0;
        notifyAll();
    }
}
