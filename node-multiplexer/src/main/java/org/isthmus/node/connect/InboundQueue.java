package org.isthmus.node.connect;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Records on their way from the reading threads to the engine thread, at most {@link #LIMIT} bytes and one record: then
 * readers wait, and so, by TCP, do the senders.
 */
final class InboundQueue {
    static final long LIMIT = 8 << 20;

    private final Queue<InboundRecord> records = new ArrayDeque<>();
    private long bytes;
    private boolean closed;
    private volatile int size;

    /** Waits for room. Any thread. */
    synchronized void put(InboundRecord record) throws InterruptedException {
        while (bytes > LIMIT && !closed) {
            wait();
        }
        if (!closed) {
            records.add(record);
            bytes += record.bytes();
            size++;
        }
    }

    /** The oldest record, null if there is none. */
    InboundRecord peek() {
        if (size == 0) {
            return null;
        }
        synchronized (this) {
            return records.peek();
        }
    }

    /** Drops the oldest record. */
    synchronized void remove() {
        InboundRecord record = records.remove();
        size--;
        bytes -= record.bytes();
        notifyAll();
    }

    /** From now on records are dropped as they come: nobody will take them. */
    synchronized void close() {
        closed = true;
        records.clear();
        size = 0;
        notifyAll();
    }
}
