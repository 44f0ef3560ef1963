package org.isthmus.allocator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JI_Result;

/** The owner writes into a block again only after the consumer, which has freed it, has read it. */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "Still live.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Reused after it was read.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Overwritten before it was read.")
@State
public class BlockReuseStress {
    private static final long BLOCK = BlockDescriptor.PREFIX;

    private final MemorySegment memory = MemorySegment.ofArray(new long[16]);

    public BlockReuseStress() {
        BlockDescriptor.markLivePlain(memory, BLOCK);
        memory.set(ValueLayout.JAVA_LONG, BLOCK, 1);
    }

    @Actor
    public void own(JI_Result r) {
        if (BlockDescriptor.isFreeAcquire(memory, BLOCK)) {
            BlockDescriptor.markLivePlain(memory, BLOCK);
            memory.set(ValueLayout.JAVA_LONG, BLOCK, 9);
            r.r2 = 1;
        }
    }

    @Actor
    public void consume(JI_Result r) {
        r.r1 = memory.get(ValueLayout.JAVA_LONG, BLOCK);
        BlockDescriptor.markFreeRelease(memory, BLOCK);
    }
}
