package org.isthmus.node.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Two producers never claim one cell. A record is source * 100 + payload. */
@JCStressTest
@Outcome(id = {"105, 204", "204, 105"}, expect = Expect.ACCEPTABLE, desc = "Both records, whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A record was lost, torn or seen twice.")
@State
public class MailboxClaimStress {
    private final MemorySegment memory = StressMemory.take(MailboxDescriptor.BYTES);
    private final Mailbox first = new Mailbox(memory, 0);
    private final Mailbox second = new Mailbox(memory, 0);
    private final Mailbox owner = new Mailbox(memory, 0);

    public MailboxClaimStress() {
        Mailbox.initialise(memory, 0);
    }

    private void send(Mailbox mailbox, int source, long value) {
        long payload = mailbox.claim(source);
        memory.set(ValueLayout.JAVA_LONG, payload, value);
        mailbox.publish(source, RecordDescriptor.header(1, 0, 0, 8));
    }

    private long receive() {
        if (owner.next() == 0) {
            return 0;
        }
        long record = owner.source() * 100 + memory.get(ValueLayout.JAVA_LONG, owner.payload());
        owner.advance();
        return record;
    }

    @Actor
    public void produceFirst() {
        send(first, 1, 5);
    }

    @Actor
    public void produceSecond() {
        send(second, 2, 4);
    }

    @Arbiter
    public void consume(JJ_Result r) {
        r.r1 = receive();
        r.r2 = receive();
    }
}
