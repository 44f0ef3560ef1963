package org.isthmus.node.shm;

import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** As {@link MailboxClaimStress}, behind the claim of a dead producer, which has left the tail behind. */
@JCStressTest
@Outcome(id = {"105, 204", "204, 105"}, expect = Expect.ACCEPTABLE, desc = "Both records, whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A record was lost, torn or seen twice.")
@State
public class MailboxHelpStress {
    private static final int DEAD = 3;

    private final StressMailbox mailbox = new StressMailbox();

    public MailboxHelpStress() {
        mailbox.memory.set(ValueLayout.JAVA_LONG, MailboxDescriptor.cell(0) + MailboxDescriptor.STATE_OFFSET,
                MailboxDescriptor.claimed(0, DEAD));
    }

    @Actor
    public void produceFirst() {
        mailbox.send(mailbox.first, 1, 5);
    }

    @Actor
    public void produceSecond() {
        mailbox.send(mailbox.second, 2, 4);
    }

    @Arbiter
    public void consume(JJ_Result r) {
        if (mailbox.owner.next() != 0 || !mailbox.owner.skip(new boolean[] {false, false, false, true})) {
            r.r1 = -1;
            return;
        }
        r.r1 = mailbox.receive();
        r.r2 = mailbox.receive();
    }
}
