package org.isthmus.comm.rma;

import org.isthmus.allocator.segment.SharedWords;

/**
 * A lock for one writer or several readers in one word of shared memory. Who finds it taken waits in line, so that
 * readers who keep coming do not hold up a writer for ever, nor writers a reader.
 *
 * <p>Who holds a lock of the same window already does not wait in line but only until the lock can be shared with those
 * who hold it: if a reader waited behind a writer who waits for another reader, who waits behind a writer at this one's
 * first lock, nobody could go on.
 *
 * <pre>
 *   word u64:  exclusive (1 bit) | next ticket (21 bits) | turn (21 bits) | readers (21 bits)
 * </pre>
 *
 * <p>Invariants: (1) exclusive is 1 while a writer holds the lock, and then readers is 0; (2) the waiting line are the
 * tickets from turn to next ticket - 1; (3) the turn moves when its ticket has entered; (4) whoever may enter at once
 * does so only while nobody waits in line, or without a ticket. At most 2^21 - 1 readers and tickets.
 */
final class FairLock {
    /** What {@link #take} returns to who has the lock at once. */
    static final int ENTERED = -1;
    /** What it returns to who has to {@link #enter} without waiting in line. */
    static final int NO_TICKET = -2;

    private static final int BITS = 21;
    private static final long MASK = (1L << BITS) - 1;
    private static final int TURN = BITS;
    private static final int NEXT = 2 * BITS;
    private static final long EXCLUSIVE = 1L << 63;

    private FairLock() {}

    /**
     * Takes the lock, or what there is to {@link #enter} with.
     *
     * @param queued false for who holds a lock that others may wait for
     */
    static int take(SharedWords words, long word, boolean exclusive, boolean queued) {
        while (true) {
            long old = words.getVolatile(word);
            int ticket = field(old, NEXT);
            boolean free = isFree(old, exclusive) && (!queued || ticket == field(old, TURN));
            if (!free && !queued) {
                return NO_TICKET;
            }
            if (words.compareAndSet(word, old, free ? held(old, exclusive) : advance(old, NEXT))) {
                return free ? ENTERED : ticket; // SYNC(win.lock)
            }
        }
    }

    /** Takes the lock if it is the turn of {@code ticket} and the lock is free for it. */
    static boolean enter(SharedWords words, long word, int ticket, boolean exclusive) {
        while (true) {
            long old = words.getVolatile(word);
            if (!isFree(old, exclusive) || ticket != NO_TICKET && ticket != field(old, TURN)) {
                return false;
            }
            long held = held(old, exclusive);
            if (words.compareAndSet(word, old, ticket == NO_TICKET ? held : advance(held, TURN))) {
                return true; // SYNC(win.lock)
            }
        }
    }

    /** Gives up the lock. */
    static void leave(SharedWords words, long word, boolean exclusive) {
        words.getAndAdd(word, exclusive ? EXCLUSIVE : -1L); // SYNC(win.lock)
    }

    private static boolean isFree(long word, boolean exclusive) {
        return word >= 0 && (!exclusive || field(word, 0) == 0);
    }

    private static long held(long word, boolean exclusive) {
        return exclusive ? word | EXCLUSIVE : word + 1;
    }

    private static int field(long word, int shift) {
        return (int) (word >>> shift & MASK);
    }

    private static long advance(long word, int shift) {
        return word & ~(MASK << shift) | word + (1L << shift) & MASK << shift;
    }
}
