package org.isthmus.node.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IJ_Result;

/** A record that is seen has its source and its payload. */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Not published yet.")
@Outcome(id = "7, 42", expect = Expect.ACCEPTABLE, desc = "A whole record.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A record without its source or payload.")
@State
public class MailboxPublishStress {
    private final MemorySegment memory = StressMemory.take(MailboxDescriptor.BYTES);
    private final Mailbox producer = new Mailbox(memory, 0);
    private final Mailbox owner = new Mailbox(memory, 0);

    public MailboxPublishStress() {
        Mailbox.initialise(memory, 0);
    }

    @Actor
    public void produce() {
        long payload = producer.claim(7);
        memory.set(ValueLayout.JAVA_LONG, payload, 42);
        producer.publish(7, RecordDescriptor.header(1, 0, 0, 8));
    }

    @Actor
    public void consume(IJ_Result r) {
        if (owner.next() != 0) {
            r.r1 = owner.source();
            r.r2 = memory.get(ValueLayout.JAVA_LONG, owner.payload());
            owner.advance();
        }
    }
}
