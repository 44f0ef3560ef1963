package org.isthmus.node.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/**
 * A dead producer has left its claim in a cell and the tail behind. While the owner skips the cell, two producers move
 * the tail on and claim the cells behind. A record is source * 100 + payload.
 */
@JCStressTest
@Outcome(id = {"105, 204, 0", "204, 105, 0"}, expect = Expect.ACCEPTABLE, desc = "Both records, whole and once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A record was lost, torn or seen twice, or the skipped cell was taken.")
@State
public class MailboxSkipStress {
    private static final int DEAD = 3;

    private final MemorySegment memory = StressMemory.take(MailboxDescriptor.BYTES);
    private final Mailbox first = new Mailbox(memory, 0);
    private final Mailbox second = new Mailbox(memory, 0);
    private final Mailbox owner = new Mailbox(memory, 0);
    private final boolean[] dead = {false, false, false, true};
    private final long[] received = new long[3];
    private int count;

    public MailboxSkipStress() {
        Mailbox.initialise(memory, 0);
        memory.set(ValueLayout.JAVA_LONG, MailboxDescriptor.cell(0) + MailboxDescriptor.STATE_OFFSET,
                MailboxDescriptor.claimed(0, DEAD));
    }

    private void send(Mailbox mailbox, int source, long value) {
        long payload = mailbox.claim(source);
        memory.set(ValueLayout.JAVA_LONG, payload, value);
        mailbox.publish(source, RecordDescriptor.header(1, 0, 0, 8));
    }

    private void receive() {
        while (owner.next() != 0 || owner.skip(dead)) {
            if (owner.next() != 0) {
                received[count++] = owner.source() * 100 + memory.get(ValueLayout.JAVA_LONG, owner.payload());
                owner.advance();
            }
        }
    }

    @Actor
    public void produceFirst() {
        send(first, 1, 5);
    }

    @Actor
    public void produceSecond() {
        send(second, 2, 4);
    }

    @Actor
    public void skip() {
        receive();
    }

    @Arbiter
    public void consume(JJJ_Result r) {
        receive();
        r.r1 = received[0];
        r.r2 = received[1];
        r.r3 = received[2];
    }
}
