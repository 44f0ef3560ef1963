package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.shm.RingProducer;
import org.isthmus.node.shm.StressMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJI_Result;

/** The producer overwrites a record only after the consumer has read it. */
@JCStressTest
@Outcome(id = "1, 2, 0", expect = Expect.ACCEPTABLE, desc = "Back-pressured.")
@Outcome(id = "1, 2, 1", expect = Expect.ACCEPTABLE, desc = "Space reused after both records were read.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A record was overwritten before it was read.")
@State
public class RingCreditStress {
    private static final int RING_BYTES = 192;

    private final MemorySegment memory = StressMemory.take(RING_BYTES);
    private final RingProducer producer = RingVariant.VALIDITY.producer(memory, 0, RING_BYTES);
    private final RingConsumer consumer = RingVariant.VALIDITY.consumer(memory, 0, RING_BYTES);

    /** Two records of 64 and 32 bytes in 128: another 64 fit only over the first, when both have been read. */
    public RingCreditStress() {
        send(56, 1);
        send(24, 2);
    }

    private boolean send(int bytes, long value) {
        long payload = producer.claim(bytes);
        if (payload == RingProducer.BACK_PRESSURED) {
            return false;
        }
        for (int at = 0; at < bytes; at += 8) {
            memory.set(ValueLayout.JAVA_LONG, payload + at, value);
        }
        producer.publish(RecordDescriptor.header(1, 0, 0, bytes));
        return true;
    }

    private long receive() {
        long header = consumer.next();
        long value = memory.get(ValueLayout.JAVA_LONG, consumer.payload() + RecordDescriptor.payloadBytes(header) - 8);
        consumer.advance(header);
        return value;
    }

    @Actor
    public void produce(JJI_Result r) {
        r.r3 = send(56, 9) ? 1 : 0;
    }

    @Actor
    public void consume(JJI_Result r) {
        r.r1 = receive();
        r.r2 = receive();
    }
}
