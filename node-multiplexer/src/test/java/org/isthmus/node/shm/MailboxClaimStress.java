package org.isthmus.node.shm;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Two producers never claim one cell. */
@JCStressTest
@Outcome(id = {"105, 204", "204, 105"}, expect = Expect.ACCEPTABLE, desc = "Both records, whole.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A record was lost, torn or seen twice.")
@State
public class MailboxClaimStress {
    private final StressMailbox mailbox = new StressMailbox();

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
        r.r1 = mailbox.receive();
        r.r2 = mailbox.receive();
    }
}
