package org.isthmus.allocator.heap;

import org.isthmus.node.shm.StressMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two freers set bits of one word at once: both bits are there, and the first has raised the summary. */
@JCStressTest
@Outcome(id = "3, 0", expect = Expect.ACCEPTABLE, desc = "Both bits set and led to.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A bit lost, or set where nobody looks.")
@State
public class PendingRaiseStress {
    private static final long WORD = 0;
    private static final long SLICES = 64;

    private final HeapArea area = new HeapArea(null, StressMemory.take(128), null);

    @Actor
    public void free() {
        raise(1);
    }

    @Actor
    public void freeToo() {
        raise(2);
    }

    private void raise(long bit) {
        if (area.or(WORD, bit) == 0) {
            long ignored = area.or(SLICES, 1);
        }
    }

    @Arbiter
    public void rest(II_Result r) {
        long left = area.volatileLong(WORD);
        r.r1 = (int) left;
        r.r2 = area.volatileLong(SLICES) == 0 ? 1 : 0;
    }
}
