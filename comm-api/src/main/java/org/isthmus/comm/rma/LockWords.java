package org.isthmus.comm.rma;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.isthmus.comm.progress.Completion;
import org.isthmus.comm.progress.Progress;
import org.isthmus.node.endpoint.Waiter;

/**
 * The locks of passive target epochs (MPI 3.1, section 11.5.3) of the members on this node, one word each, in the
 * window's control memory.
 *
 * <pre>
 *   lock u64:  exclusive u32 (high) | shared u32 (low)
 * </pre>
 *
 * <p>Invariants: (1) the high half is 0 or 1 + the rank of the exclusive holder; (2) the low half is the number of
 * shared holders; (3) never are both other than 0; (4) a word is changed by compare-and-set or, by a holder who leaves,
 * by addition. A waiting member looks at the word in every progress pass; who unlocks wakes the sleeping ones.
 *
 * <p>Used under the engine lock.
 */
final class LockWords {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();

    private final MemorySegment memory;
    private final long base;
    private final int[] places;
    private final Waiter waiter;
    private final Progress progress;

    /**
     * @param base of the control memory
     * @param places of the members on this node
     */
    LockWords(MemorySegment memory, long base, int[] places, Waiter waiter, Progress progress) {
        this.memory = memory;
        this.base = base;
        this.places = places;
        this.waiter = waiter;
        this.progress = progress;
    }

    /** Takes the lock of {@code member} for {@code rank} if that is possible now. */
    boolean tryLock(int member, int rank, boolean exclusive) {
        long word = base + WindowDescriptor.lock(member);
        long old = (long) LONG.getVolatile(memory, word);
        if (exclusive) {
            return old == 0 && LONG.compareAndSet(memory, word, 0L, rank + 1L << Integer.SIZE); // SYNC(win.lock)
        }
        while (old >>> Integer.SIZE == 0) {
            if (LONG.compareAndSet(memory, word, old, old + 1)) { // SYNC(win.lock)
                return true;
            }
            old = (long) LONG.getVolatile(memory, word);
        }
        return false;
    }

    /** Waits for the lock, making progress. */
    void lock(int member, int rank, boolean exclusive) {
        if (!tryLock(member, rank, exclusive)) {
            progress.await(new Attempt(member, rank, exclusive));
        }
    }

    /** Gives up a lock that {@code rank} holds. */
    void unlock(int member, int rank, boolean exclusive) {
        long word = base + WindowDescriptor.lock(member);
        long held = exclusive ? rank + 1L << Integer.SIZE : 1;
        long ignored = (long) LONG.getAndAdd(memory, word, -held); // SYNC(win.lock)
        waiter.fenceBeforeLookingForSleepers();
        if ((int) INT.getOpaque(memory, base + WindowDescriptor.SLEEPERS_OFFSET) != 0) {
            for (int place : places) {
                waiter.wakeIfSleeping(place);
            }
        }
    }

    /** Is done when it has got the lock. */
    private final class Attempt implements Completion {
        private final int member;
        private final int rank;
        private final boolean exclusive;
        private boolean locked;

        Attempt(int member, int rank, boolean exclusive) {
            this.member = member;
            this.rank = rank;
            this.exclusive = exclusive;
        }

        @Override
        public boolean isDone() {
            locked = locked || tryLock(member, rank, exclusive);
            return locked;
        }

        @Override
        public void beforeSleep() {
            int ignored = (int) INT.getAndAdd(memory, base + WindowDescriptor.SLEEPERS_OFFSET, 1);
        }

        @Override
        public void afterSleep() {
            int ignored = (int) INT.getAndAdd(memory, base + WindowDescriptor.SLEEPERS_OFFSET, -1);
        }
    }
}
