package org.isthmus.node.endpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.isthmus.allocator.segment.SharedWords;
import org.isthmus.node.shm.SegmentDescriptor;
import org.isthmus.node.shm.StressMemory;
import org.isthmus.node.status.RankCounters;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two records, of which one at most wakes, and a sleeper that goes to sleep for the second time: what its last look
 * misses, its wake word knows of. First number: which records the look has found (1 and 2, or their sum); second:
 * whether the sleeper has been woken since it wrote its ticket.
 */
@JCStressTest
@Outcome(id = {"3, 0", "3, 1"}, expect = Expect.ACCEPTABLE, desc = "Everything was found.")
@Outcome(id = {"0, 1", "1, 1", "2, 1"}, expect = Expect.ACCEPTABLE,
        desc = "Something was missed; the sleep ends at once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The sleeper sleeps though something has come.")
@State
public class WakeOnceStress {
    private static final int SLEEPER = 0;
    private static final int PLACES = 2;
    private static final Bell SILENT = Bell.open("/dev/null").orElseThrow();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();

    private final MemorySegment memory = StressMemory.take(SegmentDescriptor.fixedBytes(PLACES));
    private final Waiter sleeper = waiter(SLEEPER);
    private final Waiter sender = waiter(1);
    private int ticket;

    private Waiter waiter(int place) {
        Waiter waiter =
                new Waiter(new RankCounters(MemorySegment.NULL, 0), new SharedWords(memory), PLACES, place, 0, 0, true);
        waiter.setBell(SLEEPER, SILENT);
        return waiter;
    }

    private void send(long word) {
        INT.setRelease(memory, word, 1);
        sender.fenceBeforeLookingForSleepers();
        sender.wakeIfSleeping(SLEEPER);
    }

    @Actor
    public void sleep(II_Result r) {
        sleeper.announceSleep();
        sleeper.awake();
        ticket = sleeper.announceSleep();
        r.r1 = (int) INT.getAcquire(memory, 0L) + 2 * (int) INT.getAcquire(memory, 64L);
    }

    @Actor
    public void send() {
        send(0);
        send(64);
    }

    @Arbiter
    public void look(II_Result r) {
        r.r2 = sleeper.wakes() == ticket ? 0 : 1;
    }
}
