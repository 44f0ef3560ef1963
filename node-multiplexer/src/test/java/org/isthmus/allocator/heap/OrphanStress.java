package org.isthmus.allocator.heap;

import org.isthmus.allocator.slab.StateWord;
import org.isthmus.node.shm.StressMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/**
 * A receiver that accepts a block while its dead sender's slab is adopted gets it, before or after it became ORPHAN.
 */
@JCStressTest
@Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "Accepted, live.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Refused, or live no more.")
@State
public class OrphanStress {
    private static final int INFLIGHT = StateWord.of(7, StateWord.INFLIGHT, 2);
    private static final int ORPHAN = StateWord.of(7, StateWord.ORPHAN, 2);
    private static final int LIVE = StateWord.of(7, StateWord.LIVE, 2);

    private final HeapArea area = new HeapArea(null, StressMemory.take(64), null);

    public OrphanStress() {
        area.setStatePlain(0, INFLIGHT);
    }

    @Actor
    public void receive(ZI_Result r) {
        r.r1 = area.casState(0, INFLIGHT, LIVE) || area.casState(0, ORPHAN, LIVE);
    }

    @Actor
    public void adopt() {
        boolean ignored = area.casState(0, INFLIGHT, ORPHAN);
    }

    @Arbiter
    public void settle(ZI_Result r) {
        r.r2 = StateWord.status(area.statePlain(0));
    }
}
