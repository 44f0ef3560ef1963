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
 * Room is given back while a rank that waits for it goes to sleep, on a node whose senders do not fence. First number:
 * whether its last look has found the room; second: whether it was woken.
 */
@JCStressTest
@Outcome(id = {"1, 0", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "The room was found.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "It was missed; the sleep ends at once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "The rank sleeps though there is room.")
@State
public class RoomStress {
    private static final int SLEEPER = 0;
    private static final int PLACES = 2;
    private static final Bell SILENT = Bell.open("/dev/null").orElseThrow();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();

    private final MemorySegment memory = StressMemory.take(SegmentDescriptor.fixedBytes(PLACES));
    private final Waiter sleeper = waiter(SLEEPER);
    private final Waiter consumer = waiter(1);
    private int ticket;

    private Waiter waiter(int place) {
        Waiter waiter = new Waiter(new RankCounters(MemorySegment.NULL, 0), new SharedWords(memory), PLACES, place, 0,
                0, false);
        waiter.setBell(SLEEPER, SILENT);
        return waiter;
    }

    @Actor
    public void sleep(II_Result r) {
        sleeper.stall();
        ticket = sleeper.announceSleep();
        r.r1 = (int) INT.getAcquire(memory, 0L);
    }

    @Actor
    public void giveRoom() {
        INT.setRelease(memory, 0L, 1);
        consumer.wakeIfStalled(SLEEPER);
    }

    @Arbiter
    public void look(II_Result r) {
        r.r2 = sleeper.wakes() == ticket ? 0 : 1;
    }
}
