package org.isthmus.node.endpoint;

/**
 * Whether others want this process's core just now: other jobs, or nodes of a test that share a machine, of which the
 * number of processors says nothing. It shows in the time that a yield takes. On a shared core nobody spins; where a
 * yield costs a time slice of somebody who computes, waiting means sleeping, since a wake-up takes the core back at
 * once. In the first seconds of a job that somebody is most often a compiler thread of one of the ranks' JVMs, which is
 * soon done and has to have the core: then only a yield that takes several time slices counts, and none at all with
 * more ranks than cores, whose compilers stand in line.
 *
 * <pre>
 *   FREE --a yield let somebody run--> SHARED --a row of short yields--> FREE
 *   any --a yield took a time slice--> HOGGED for a number of waits, more each time in a row --> SHARED
 * </pre>
 *
 * Many yields that gave nobody a time slice end the row: a compiler that came and went must not make every later one
 * cost hundreds of sleeps, each several times as long as a yield among those who wait as well. And one long yield after
 * so many is nobody who computes, whom the next would meet too.
 *
 * With more ranks than cores a yield comes back when all others on the core have had their turns, which add up: only a
 * longer one is a time slice. Rows of sleeps stay short there and end soon, since who sleeps costs those who wait for
 * it the wake-up, and their turns get longer in turn.
 *
 * Owned by the thread that waits.
 */
final class Crowding {
    private static final long SHARED_NANOS = 2_000;
    private static final long HOGGED_NANOS = 400_000;
    private static final long HOGGED_OVERSUBSCRIBED_NANOS = 1_200_000;
    private static final long HOGGED_BY_COMPILERS_NANOS = 4_000_000;
    private static final long COMPILERS_NANOS = 3_000_000_000L;
    private static final int CALM = 64;
    /** So many yields of which none took a time slice: those on this core wait, as we do. */
    private static final int MANY_YIELDS = 1024;
    private static final int MANY_YIELDS_OVERSUBSCRIBED = 64;
    private static final int FIRST_SLEEPS = 8;
    private static final int MOST_SLEEPS = 512;
    private static final int MOST_SLEEPS_OVERSUBSCRIBED = 64;

    private final long hoggedNanos;
    /** What makes a yield a lost one while compilers work. */
    private final long compilersNanos;
    private final int manyYields;
    private final int mostSleeps;
    /** Until then long yields are taken for the work of compilers. */
    private final long compilersUntil;
    private int shared;
    private int sleeps;
    /** Yields since the last that took a time slice, up to {@link #manyYields}. */
    private int quickYields;
    private int nextSleeps = FIRST_SLEEPS;

    /**
     * @param oversubscribed whether the node has more ranks than cores, which then are the others
     * @param ranksPerCore how many of them share one; 0: their compilers are done
     */
    Crowding(boolean oversubscribed, int ranksPerCore) {
        hoggedNanos = oversubscribed ? HOGGED_OVERSUBSCRIBED_NANOS : HOGGED_NANOS;
        manyYields = oversubscribed ? MANY_YIELDS_OVERSUBSCRIBED : MANY_YIELDS;
        mostSleeps = oversubscribed ? MOST_SLEEPS_OVERSUBSCRIBED : MOST_SLEEPS;
        compilersNanos = oversubscribed ? Long.MAX_VALUE : HOGGED_BY_COMPILERS_NANOS;
        compilersUntil = System.nanoTime() + COMPILERS_NANOS * ranksPerCore;
    }

    /** Whether somebody else runs on this core between our yields. */
    boolean isShared() {
        return shared > 0;
    }

    /** Whether those who share this core, if any, give it back at once, and have for a while. */
    boolean isAmongWaiters() {
        return quickYields == manyYields;
    }

    /** Whether this wait should sleep without yielding first; called once before each yield. */
    boolean sleepsAtOnce() {
        if (sleeps == 0) {
            return false;
        }
        sleeps--;
        return true;
    }

    /** A yield has returned after {@code nanos}. */
    void onYield(long nanos) {
        if (nanos > hoggedNanos) {
            if (!isAmongWaiters() && (nanos > compilersNanos || System.nanoTime() - compilersUntil >= 0)) {
                sleeps = nextSleeps;
                nextSleeps = Math.min(2 * nextSleeps, mostSleeps);
            }
            quickYields = 0;
        } else if (quickYields < manyYields && ++quickYields == manyYields) {
            nextSleeps = FIRST_SLEEPS;
        }
        if (nanos > SHARED_NANOS) {
            shared = CALM;
        } else if (shared > 0 && --shared == 0) {
            nextSleeps = FIRST_SLEEPS;
        }
    }
}
