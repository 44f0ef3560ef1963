package org.isthmus.benchmarks.rings;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.shm.RingProducer;
import org.isthmus.node.shm.ring.RingVariant;

/** A ring of ours: the producer's end and the consumer's end of two rings. */
final class RingLane implements Lane {
    private final MemorySegment memory;
    private final RingProducer producer;
    private final RingConsumer consumer;
    private final int bytes;

    RingLane(RingVariant variant, MemorySegment memory, long out, long in, int ringBytes, int bytes) {
        this.memory = memory;
        this.producer = variant.producer(memory, out, ringBytes);
        this.consumer = variant.consumer(memory, in, ringBytes);
        this.bytes = bytes;
    }

    @Override
    public boolean offer(long number) {
        long payload = producer.claim(bytes);
        if (payload == RingProducer.BACK_PRESSURED) {
            return false;
        }
        for (int at = 0; at < bytes; at += 8) {
            memory.set(ValueLayout.JAVA_LONG, payload + at, number);
        }
        producer.publish(RecordDescriptor.header(1, 0, 0, bytes));
        return true;
    }

    @Override
    public void flush() {
        producer.flush();
    }

    @Override
    public int drain(Sink sink, int limit) {
        int records = 0;
        long header;
        while (records < limit && (header = consumer.next()) != RingConsumer.EMPTY) {
            sink.accept(Words.read(memory, consumer.payload(), bytes));
            consumer.advance(header);
            records++;
        }
        return records;
    }
}
