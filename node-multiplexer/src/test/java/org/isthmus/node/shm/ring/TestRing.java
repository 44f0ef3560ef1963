package org.isthmus.node.shm.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.shm.RingProducer;

/** Both ends of a ring in native memory of its own, and records whose every byte follows from their number. */
final class TestRing {
    final MemorySegment memory;
    final RingProducer producer;
    final RingConsumer consumer;
    private final int recordsOffset;
    private final int ringBytes;
    private long sent;
    private long received;

    TestRing(RingVariant variant, int ringBytes) {
        this(variant, Arena.ofAuto().allocate(ringBytes, 64), ringBytes);
    }

    TestRing(RingVariant variant, MemorySegment memory, int ringBytes) {
        this.memory = memory;
        this.producer = variant.producer(memory, 0, ringBytes);
        this.consumer = variant.consumer(memory, 0, ringBytes);
        this.recordsOffset = ringBytes - variant.capacity(ringBytes);
        this.ringBytes = ringBytes;
    }

    /** Sends the next record, of {@code bytes}, and flushes; false when there is no room. */
    boolean trySend(int bytes) {
        boolean sent = tryPublish(bytes);
        producer.flush();
        return sent;
    }

    /** Publishes the next record, of {@code bytes}; false when there is no room. */
    boolean tryPublish(int bytes) {
        long payload = producer.claim(bytes);
        if (payload == RingProducer.BACK_PRESSURED) {
            return false;
        }
        long end = payload + bytes;
        assertEquals(0, payload % 8);
        if (payload < recordsOffset + 8 || end > ringBytes) {
            throw new AssertionError("a record of " + bytes + " at " + payload + " spans the end");
        }
        long at = payload;
        for (; at + 8 <= end; at += 8) {
            memory.set(ValueLayout.JAVA_LONG, at, word(sent, at - payload));
        }
        for (; at < end; at++) {
            memory.set(ValueLayout.JAVA_BYTE, at, (byte) word(sent, at - payload));
        }
        producer.publish(RecordDescriptor.header(1 + (int) (sent % 13), (int) sent & 0xffff,
                (int) sent & Integer.MAX_VALUE, bytes));
        sent++;
        return true;
    }

    /** Takes the next record and checks all of it; -1 when there is none, else its size. */
    int tryReceive() {
        long header = consumer.next();
        if (header == RingConsumer.EMPTY) {
            return -1;
        }
        int bytes = RecordDescriptor.payloadBytes(header);
        long payload = consumer.payload();
        long expected = RecordDescriptor.header(1 + (int) (received % 13), (int) received & 0xffff,
                (int) received & Integer.MAX_VALUE, bytes);
        check(received, header, expected);
        long end = payload + bytes;
        long at = payload;
        for (; at + 8 <= end; at += 8) {
            check(received, memory.get(ValueLayout.JAVA_LONG, at), word(received, at - payload));
        }
        for (; at < end; at++) {
            check(received, memory.get(ValueLayout.JAVA_BYTE, at), (byte) word(received, at - payload));
        }
        consumer.advance(header);
        received++;
        return bytes;
    }

    long received() {
        return received;
    }

    long sent() {
        return sent;
    }

    private static void check(long record, long found, long expected) {
        if (found != expected) {
            throw new AssertionError("record " + record + ": " + Long.toHexString(found) + " where "
                    + Long.toHexString(expected) + " was sent");
        }
    }

    private static long word(long record, long at) {
        return (record + 1) * 0x9E3779B97F4A7C15L + at;
    }
}
