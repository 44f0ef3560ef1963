package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.StressMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** What is found in a queue of offsets or a shared ring brings what was written before it. */
public final class QueueStress {
    private QueueStress() {}

    /** The word at an offset that was passed on. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Not offered yet.")
    @Outcome(id = "1, 42", expect = Expect.ACCEPTABLE, desc = "The offset and the word.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The offset without the word.")
    @State
    public static class Offset {
        private final OffsetQueue queue = new OffsetQueue(2);
        private int word;

        @Actor
        public void offer() {
            word = 42;
            queue.offer(1);
        }

        @Actor
        public void poll(II_Result r) {
            r.r1 = (int) queue.poll();
            if (r.r1 != 0) {
                r.r2 = word;
            }
        }
    }

    /** Two producers of one shared ring. */
    @JCStressTest
    @Outcome(id = {"1, 2", "2, 1"}, expect = Expect.ACCEPTABLE, desc = "Both records, whole.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A record lost, or parts of two.")
    @State
    public static class Shared {
        private final MemorySegment memory = StressMemory.take(192);
        private final SharedRing consumer = new SharedRing(memory, 0, 2);
        private final SharedRing first = new SharedRing(memory, 0, 2);
        private final SharedRing second = new SharedRing(memory, 0, 2);

        public Shared() {
            consumer.initialise();
        }

        @Actor
        public void produceFirst() {
            produce(first, 1);
        }

        @Actor
        public void produceSecond() {
            produce(second, 2);
        }

        @Arbiter
        public void consume(II_Result r) {
            r.r1 = receive();
            r.r2 = receive();
        }

        private int receive() {
            int id = RecordDescriptor.tag(consumer.next());
            boolean whole = memory.get(ValueLayout.JAVA_LONG, consumer.payload()) == 10 + id;
            consumer.advance();
            return whole ? id : -1;
        }

        private void produce(SharedRing producer, int id) {
            memory.set(ValueLayout.JAVA_LONG, producer.claim(), 10L + id);
            producer.publish(RecordDescriptor.header(1, 0, id, 8));
        }
    }
}
