package org.isthmus.allocator.heap;

import org.isthmus.node.shm.StressMemory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A freer sets bits of one word from the bottom up, the owner takes the levels from the top down: no bit is taken
 * twice, and none stays in a word that no summary leads to.
 */
@JCStressTest
@Outcome(id = "3, 0", expect = Expect.ACCEPTABLE, desc = "Both bits taken or still led to.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A bit lost, or set where nobody looks.")
@State
public class PendingBitsStress {
    private static final long WORD = 0;
    private static final long SLICES = 64;

    private final HeapArea area = new HeapArea(null, StressMemory.take(128), null);
    private long taken;

    @Actor
    public void free() {
        raise(1);
        raise(2);
    }

    private void raise(long bit) {
        if (area.or(WORD, bit) == 0) {
            long ignored = area.or(SLICES, 1);
        }
    }

    @Actor
    public void collect() {
        if (area.take(SLICES) != 0) {
            taken = area.take(WORD);
        }
    }

    @Arbiter
    public void rest(II_Result r) {
        long left = area.volatileLong(WORD);
        r.r1 = (int) (taken | left);
        r.r2 = left != 0 && area.volatileLong(SLICES) == 0 || (taken & left) != 0 ? 1 : 0;
    }
}
