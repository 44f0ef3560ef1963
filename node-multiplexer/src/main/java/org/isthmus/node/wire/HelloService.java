package org.isthmus.node.wire;

import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Runs hellos off the data threads, each with a deadline, so that a peer that says nothing, or one byte at a time,
 * costs no more than one parked virtual thread for that long. At most {@link #MAX_HALF_OPEN} accepted connections are
 * in their hello at a time; further ones are closed at once. Any thread may call.
 */
public final class HelloService implements AutoCloseable {
    public static final int MAX_HALF_OPEN = 256;

    /** A hello, as it runs. */
    public interface Exchange<T> {
        T run() throws IOException;
    }

    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("isthmus-hello-deadlines").daemon().factory());
    private final Semaphore halfOpen = new Semaphore(MAX_HALF_OPEN);
    private final AtomicLongArray failures = new AtomicLongArray(HelloException.Cause.values().length);
    private final long deadlineNanos;

    public HelloService(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * Has a virtual thread serve an accepted connection; closes it if there are too many, or if {@code task} throws.
     *
     * @param task runs {@link #withDeadline} and then keeps the channel
     */
    public void serve(ByteChannel channel, Exchange<?> task) {
        if (!halfOpen.tryAcquire()) {
            closeQuietly(channel);
            count(HelloException.Cause.NOT_ADMITTED);
            return;
        }
        Thread.ofVirtual().name("isthmus-hello").start(() -> {
            try {
                task.run();
            } catch (HelloException e) {
                count(e.reason());
                closeQuietly(channel);
            } catch (IOException e) {
                count(HelloException.Cause.DISCONNECTED);
                closeQuietly(channel);
            } finally {
                halfOpen.release();
            }
        });
    }

    /** Runs a hello over {@code channel}, in the calling thread; closes the channel at the deadline. */
    public <T> T withDeadline(ByteChannel channel, String peerName, Exchange<T> exchange) throws IOException {
        AtomicBoolean over = new AtomicBoolean();
        ScheduledFuture<?> deadline;
        try {
            deadline = deadlines.schedule(() -> {
                over.set(true);
                closeQuietly(channel);
            }, deadlineNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            throw new IOException("no hello with " + peerName + ": this endpoint is closed", e);
        }
        try {
            T result = exchange.run();
            if (!deadline.cancel(false)) {
                throw new HelloException(HelloException.Cause.DEADLINE, peerName);
            }
            return result;
        } catch (ClosedChannelException e) {
            throw over.get() ? new HelloException(HelloException.Cause.DEADLINE, peerName) : e;
        } finally {
            deadline.cancel(false);
        }
    }

    /** How many accepted connections ended that way before they were one. */
    public long failures(HelloException.Cause cause) {
        return failures.get(cause.ordinal());
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
    }

    private void count(HelloException.Cause cause) {
        failures.incrementAndGet(cause.ordinal());
    }

    private static void closeQuietly(ByteChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            System.getLogger(HelloService.class.getName()).log(System.Logger.Level.DEBUG, "closing a refused peer", e);
        }
    }
}
