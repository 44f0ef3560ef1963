package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.shm.RingProducer;
import org.isthmus.node.shm.StressMemory;

/** A small ring in its third lap, so that its words are left over from records, and its two ends. */
final class StressedRing {
    private static final int BYTES = 48;
    private static final int RING_BYTES = 640;

    private final MemorySegment memory = StressMemory.take(RING_BYTES);
    private final RingProducer producer;
    private final RingConsumer consumer;

    StressedRing(RingVariant variant) {
        producer = variant.producer(memory, 0, RING_BYTES);
        consumer = variant.consumer(memory, 0, RING_BYTES);
        for (int i = 1; i <= 21; i++) {
            send(-i);
            producer.flush();
            receive();
        }
    }

    /** Two records, 1 and 2, and a flush. */
    void sendTwo() {
        send(1);
        send(2);
        producer.flush();
    }

    /** The value of the next record; 0 if there is none; -1 if its words differ. */
    int receive() {
        long header = consumer.next();
        if (header == RingConsumer.EMPTY) {
            return 0;
        }
        long payload = consumer.payload();
        long value = memory.get(ValueLayout.JAVA_LONG, payload);
        boolean whole = RecordDescriptor.payloadBytes(header) == BYTES
                && RecordDescriptor.tag(header) == Math.abs(value);
        for (int at = 0; at < BYTES; at += 8) {
            whole &= memory.get(ValueLayout.JAVA_LONG, payload + at) == value;
        }
        consumer.advance(header);
        return whole ? (int) value : -1;
    }

    private void send(long value) {
        long payload = producer.claim(BYTES);
        for (int at = 0; at < BYTES; at += 8) {
            memory.set(ValueLayout.JAVA_LONG, payload + at, value);
        }
        producer.publish(RecordDescriptor.header(1, 0, (int) Math.abs(value), BYTES));
    }
}
