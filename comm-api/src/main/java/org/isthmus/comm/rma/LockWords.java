package org.isthmus.comm.rma;

import java.lang.foreign.MemorySegment;
import org.isthmus.allocator.segment.SharedWords;
import org.isthmus.comm.progress.Completion;
import org.isthmus.comm.progress.Progress;
import org.isthmus.node.endpoint.Waiter;

/**
 * The locks of passive target epochs (MPI 3.1, section 11.5.3) of the members on this node, one word each, a
 * {@link FairLock}, in the window's control memory.
 *
 * <p>A waiting member looks at the word in every progress pass; who lets another in wakes the sleeping ones. A member
 * that fails while it waits or holds leaves its turn behind: then the job ends, or in a resilient job all waits fail.
 *
 * <p>Used under the engine lock.
 */
final class LockWords {
    private final SharedWords words;
    private final long base;
    private final int[] places;
    private final Waiter waiter;
    private final Progress progress;

    /**
     * @param base of the control memory
     * @param places of the members on this node
     */
    LockWords(MemorySegment memory, long base, int[] places, Waiter waiter, Progress progress) {
        this.words = new SharedWords(memory);
        this.base = base;
        this.places = places;
        this.waiter = waiter;
        this.progress = progress;
    }

    /** Takes the lock of {@code member}: {@link FairLock#ENTERED}, or the ticket that {@link #enter} wants. */
    int take(int member, boolean exclusive, boolean queued) {
        return FairLock.take(words, word(member), exclusive, queued);
    }

    /** Takes the lock if it is the turn of {@code ticket} and the lock is free for it. */
    boolean enter(int member, int ticket, boolean exclusive) {
        boolean entered = FairLock.enter(words, word(member), ticket, exclusive);
        if (entered && !exclusive) {
            wake(); // the next one may be a reader too
        }
        return entered;
    }

    /** Waits for the lock, making progress. @param queued false for who holds another lock of the window */
    void lock(int member, boolean exclusive, boolean queued) {
        int ticket = take(member, exclusive, queued);
        if (ticket != FairLock.ENTERED) {
            progress.await(new Attempt(member, ticket, exclusive));
        }
    }

    /** Gives up a lock. */
    void unlock(int member, boolean exclusive) {
        FairLock.leave(words, word(member), exclusive);
        wake();
    }

    private long word(int member) {
        return base + WindowDescriptor.lock(member);
    }

    private void wake() {
        waiter.fenceBeforeLookingForSleepers();
        if (words.getIntOpaque(base + WindowDescriptor.SLEEPERS_OFFSET) != 0) {
            for (int place : places) {
                waiter.wakeIfSleeping(place);
            }
        }
    }

    /** Is done when it has got the lock. */
    private final class Attempt implements Completion {
        private final int member;
        private final int ticket;
        private final boolean exclusive;
        private boolean locked;

        Attempt(int member, int ticket, boolean exclusive) {
            this.member = member;
            this.ticket = ticket;
            this.exclusive = exclusive;
        }

        @Override
        public boolean isDone() {
            locked = locked || enter(member, ticket, exclusive);
            return locked;
        }

        @Override
        public void beforeSleep() {
            words.getAndAddInt(base + WindowDescriptor.SLEEPERS_OFFSET, 1);
        }

        @Override
        public void afterSleep() {
            words.getAndAddInt(base + WindowDescriptor.SLEEPERS_OFFSET, -1);
        }
    }
}
