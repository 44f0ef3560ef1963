package org.isthmus.node.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/** A header that is seen brings its payload, and the word behind the record, with it. */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "Not published yet.")
@Outcome(id = "1, 42, 0", expect = Expect.ACCEPTABLE, desc = "Header, payload and the end behind it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A header without its payload, or without an end behind it.")
@State
public class RingPublishStress {
    private static final int RING_BYTES = 192;

    private final MemorySegment memory = MemorySegment.ofArray(new long[RING_BYTES / 8]);
    private final RingProducer producer;
    private final RingConsumer consumer;

    public RingPublishStress() {
        memory.set(ValueLayout.JAVA_LONG, RingDescriptor.RECORDS_OFFSET + 16, 0xf000);
        producer = new RingProducer(memory, 0, RING_BYTES);
        consumer = new RingConsumer(memory, 0, RING_BYTES);
    }

    @Actor
    public void produce() {
        long payload = producer.claim(8);
        memory.set(ValueLayout.JAVA_LONG, payload, 42);
        producer.publish(RecordDescriptor.header(1, 0, 0, 8));
    }

    @Actor
    public void consume(JJJ_Result r) {
        long header = consumer.next();
        if (header != RingConsumer.EMPTY) {
            r.r1 = RecordDescriptor.kind(header);
            r.r2 = memory.get(ValueLayout.JAVA_LONG, consumer.payload());
            consumer.advance(header);
            r.r3 = consumer.next();
        }
    }
}
