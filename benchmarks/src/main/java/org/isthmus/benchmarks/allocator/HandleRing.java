package org.isthmus.benchmarks.allocator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Handles from one thread or process to another: a single-producer single-consumer ring with cached indices, published
 * in batches so that it costs little beside what is measured. One object for each side.
 *
 * <pre>
 *    0  tail u64  producer, release
 *   64  head u64  consumer, release
 *  128  marks consumed u64, sum of values u64: consumer, release
 *  192  slots u64 [1024]
 * </pre>
 */
final class HandleRing {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final int SLOTS = 1024;
    private static final int PRODUCER_BATCH = 16;
    private static final int CONSUMER_BATCH = 256;
    private static final long HEAD = 64;
    private static final long MARKS = 128;
    private static final long SUM = 136;
    private static final long FIRST_SLOT = 192;

    private final MemorySegment memory;
    private final long base;
    private final Patience patience = new Patience();
    private long tail;
    private long head;

    HandleRing(MemorySegment memory, long base) {
        this.memory = memory;
        this.base = base;
    }

    /** Producer: adds a handle, waiting for room. */
    void put(long handle) {
        while (!hasRoom()) {
            patience.pause(true);
        }
        patience.pause(false);
        LONG.set(memory, slot(tail++), handle);
        if (tail % PRODUCER_BATCH == 0) {
            publish();
        }
    }

    /** Producer: whether {@link #put} would not wait. */
    boolean hasRoom() {
        if (tail - head == SLOTS) {
            publish();
            head = (long) LONG.getAcquire(memory, base + HEAD);
        }
        return tail - head < SLOTS;
    }

    /** Producer: makes all handles visible. */
    void publish() {
        LONG.setRelease(memory, base, tail);
    }

    /** Producer: waits until the consumer has acknowledged {@code mark}; returns the sum that it found. */
    long awaitMark(long mark) {
        publish();
        while ((long) LONG.getAcquire(memory, base + MARKS) != mark) {
            patience.pause(true);
        }
        return (long) LONG.get(memory, base + SUM);
    }

    /** Consumer: the next handle, or 0 after a pause. */
    long take() {
        long handle = poll();
        patience.pause(handle == 0);
        return handle;
    }

    /** Consumer: the next handle, or 0. */
    long poll() {
        if (head == tail) {
            LONG.setRelease(memory, base + HEAD, head);
            tail = (long) LONG.getAcquire(memory, base);
            if (head == tail) {
                return 0;
            }
        }
        long handle = (long) LONG.get(memory, slot(head++));
        if (head % CONSUMER_BATCH == 0) {
            LONG.setRelease(memory, base + HEAD, head);
        }
        return handle;
    }

    /** Consumer: acknowledges a mark. */
    void acknowledge(long mark, long sum) {
        LONG.set(memory, base + SUM, sum);
        LONG.setRelease(memory, base + MARKS, mark);
    }

    private long slot(long index) {
        return base + FIRST_SLOT + (index & (SLOTS - 1)) * Long.BYTES;
    }
}
