package org.isthmus.allocator.heap;

import java.lang.foreign.ValueLayout;
import org.isthmus.allocator.slab.StateWord;
import org.isthmus.node.shm.StressMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JI_Result;

/**
 * The owner uses a block again only after the holder that returned it has read it: the state word alone orders them.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Not returned yet.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Used again after it was read.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Overwritten before it was read.")
@State
public class BlockReturnStress {
    private static final long WORD = 0;
    private static final long BLOCK = 64;
    private static final int LIVE = StateWord.of(1, StateWord.LIVE, 1);

    private final HeapArea area = new HeapArea(null, StressMemory.take(128), null);

    public BlockReturnStress() {
        area.setStatePlain(WORD, LIVE);
        area.memory.set(ValueLayout.JAVA_LONG, BLOCK, 1);
    }

    @Actor
    public void own(JI_Result r) {
        int state = area.stateAcquire(WORD);
        if (StateWord.status(state) == StateWord.RETURNED) {
            area.setStatePlain(WORD, StateWord.freed(state));
            area.memory.set(ValueLayout.JAVA_LONG, BLOCK, 9);
            r.r2 = 1;
        }
    }

    @Actor
    public void hold(JI_Result r) {
        r.r1 = area.memory.get(ValueLayout.JAVA_LONG, BLOCK);
        area.setStateRelease(WORD, StateWord.withStatus(LIVE, StateWord.RETURNED));
    }
}
