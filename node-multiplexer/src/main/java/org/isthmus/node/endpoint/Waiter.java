package org.isthmus.node.endpoint;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.isthmus.allocator.segment.SharedWords;
import org.isthmus.node.shm.SegmentDescriptor;
import org.isthmus.node.status.RankCounter;
import org.isthmus.node.status.RankCounters;

/**
 * How a rank of this node waits and is woken: spin, then yield the core, then sleep on its wake word. Between two looks
 * a spinning rank pauses, here and wherever it looks by itself: processors may be two threads of one core, and there
 * each look takes execution units from the rank that is waited for.
 *
 * <p>With more ranks than cores nobody spins, and senders put a full fence between publishing and looking at the
 * receiver's sleeping flag, so that no wake-up is lost. With enough cores the fence would cost more than all the rest
 * of a send: there sleepers sleep for a millisecond at most, and that bounds the rare lost wake-up.
 *
 * <p>Invariants: (1) only the owner writes its attention word and its ticket; (2) SLEEPING is set from before its last
 * look for work until after it woke; (3) of all who find it sleeping one alone makes a system call: who moves the wake
 * word on from the ticket. That is enough: a sleeper that is woken looks for work after it has cleared SLEEPING, and
 * one that goes to sleep again looks after it has written a new ticket, which a sender that published too late for that
 * look sees; (4) who found no room at another rank says STALLED when it goes to sleep, and looks for room once more
 * after that. Who gives back room puts a full fence between this and its look at the attention word, on all nodes, for
 * it happens once in many messages.
 */
public final class Waiter {
    private static final int PAUSES = 2;
    private static final long SLEEP_NANOS = 1_000_000;
    private static final long FENCED_SLEEP_NANOS = 20_000_000;
    private static final long TIMER_SLEEP_NANOS = 50_000;

    private final RankCounters counters;
    private final SharedWords words;
    private final int ranks;
    private final long line;
    private final int spins;
    private final int yields;
    private final boolean fenced;
    private final boolean futex;
    private final Crowding crowding;
    private final Bell[] bells;
    private int attention;
    /** Whether there was no room somewhere since the last sleep. */
    private boolean stalled;
    private MemorySegment timeout;

    /** @param fenced whether all ranks of the node pay a fence per send (equal on all): more ranks than cores */
    Waiter(RankCounters counters, SharedWords words, int ranks, int rank, int spins, int yields, boolean fenced) {
        this.counters = counters;
        this.words = words;
        this.ranks = ranks;
        this.line = SegmentDescriptor.rankLine(ranks, rank);
        this.spins = spins;
        this.yields = yields;
        this.fenced = fenced;
        this.bells = new Bell[ranks];
        int cores = Runtime.getRuntime().availableProcessors();
        this.crowding = new Crowding(fenced, (ranks + cores - 1) / cores);
        this.futex = Waiter.class.getModule().isNativeAccessEnabled() && System.getProperty("os.name").equals("Linux");
    }

    /** Looks at memory before the first yield; 0 with more ranks than cores. */
    public int spins() {
        return spins;
    }

    /** The same as things are now: 0 also while others share this rank's core. */
    public int spinsNow() {
        return crowding.isShared() ? 0 : spins;
    }

    /**
     * One step of waiting after {@code idle} polls in a row found nothing.
     *
     * @return whether the caller should now call {@link #announceSleep}, look for work once more, and {@link #sleep}
     */
    public boolean idle(int idle) {
        int spinsBefore = spinsNow();
        if (idle < spinsBefore) {
            Thread.onSpinWait();
            return false;
        }
        if (crowding.sleepsAtOnce()) {
            return true;
        }
        yieldCore();
        return idle >= spinsBefore + yields;
    }

    /** After work on a core that others wait on as well: gives it to them, one of whom may have got something to do. */
    public void giveWay() {
        if (crowding.isShared() && crowding.isAmongWaiters()) {
            yieldCore();
        }
    }

    private void yieldCore() {
        counters.increment(RankCounter.YIELDS);
        long start = System.nanoTime();
        Thread.yield();
        crowding.onYield(System.nanoTime() - start);
    }

    /**
     * Looks away for about the time that a sender needs for a few records: a receiver that looks at once at each record
     * takes the cache line away from the sender between two of them.
     */
    public void pause() {
        for (int i = 0; i < PAUSES; i++) {
            Thread.onSpinWait();
        }
    }

    /** There was no room, in a ring, a mailbox or this rank's heap: a sleep is to end when there is. */
    public void stall() {
        stalled = true;
    }

    /**
     * After {@link #announceSleep} and the look for work: false if that look found no room, and nobody was told to wake
     * this rank for it.
     */
    public boolean maySleep() {
        return !stalled || (attention & SegmentDescriptor.STALLED) != 0;
    }

    /** Tells senders that this rank is about to sleep. Returns the ticket for {@link #sleep}. */
    public int announceSleep() {
        int ticket = words.getIntVolatile(line + SegmentDescriptor.WAKE_OFFSET);
        words.setInt(line + SegmentDescriptor.TICKET_OFFSET, ticket);
        attention |= SegmentDescriptor.SLEEPING | (stalled ? SegmentDescriptor.STALLED : 0);
        // full fence: SYNC(wait.sleeping), SYNC(wait.stalled)
        words.setIntVolatile(line + SegmentDescriptor.ATTENTION_OFFSET, attention);
        return ticket;
    }

    /** Sleeps until somebody wakes this rank, or a while. */
    public void sleep(int ticket) {
        countSleep();
        if (futex) {
            if (timeout == null) {
                timeout = FutexNative.timeout(fenced ? FENCED_SLEEP_NANOS : SLEEP_NANOS);
            }
            FutexNative.await(words.memory().address() + line + SegmentDescriptor.WAKE_OFFSET, ticket, timeout);
        } else {
            LockSupport.parkNanos(TIMER_SLEEP_NANOS);
        }
    }

    /** Notes a sleep elsewhere than on the wake word. */
    public void countSleep() {
        counters.increment(RankCounter.SLEEPS);
    }

    /** How often this rank has been woken. */
    int wakes() {
        return words.getIntVolatile(line + SegmentDescriptor.WAKE_OFFSET);
    }

    /** Sleeps until {@link #wakes} is not {@code heard}, or the time is over; for another thread than the owner. */
    void awaitWake(int heard, MemorySegment timespec) {
        FutexNative.await(words.memory().address() + line + SegmentDescriptor.WAKE_OFFSET, heard, timespec);
    }

    /** This rank is awake again. */
    public void awake() {
        attention &= ~(SegmentDescriptor.SLEEPING | SegmentDescriptor.STALLED);
        stalled = false;
        words.setIntRelease(line + SegmentDescriptor.ATTENTION_OFFSET, attention);
    }

    /** Tells senders whether they have to raise activity bits. */
    void setCold(boolean cold) {
        int before = attention;
        attention = cold ? attention | SegmentDescriptor.COLD : attention & ~SegmentDescriptor.COLD;
        if (attention == before) {
            return;
        }
        words.setIntVolatile(line + SegmentDescriptor.ATTENTION_OFFSET, attention);
    }

    /** Puts a publication before the look at sleeping flags that follows it. SYNC(wait.sleeping). */
    public void fenceBeforeLookingForSleepers() {
        if (fenced) {
            VarHandle.fullFence();
        }
    }

    /** What {@code rank} asks of those who publish to it: bits of its attention word, mostly 0. */
    int attention(int rank) {
        return words.getIntAcquire(SegmentDescriptor.rankLine(ranks, rank) + SegmentDescriptor.ATTENTION_OFFSET);
    }

    /** Called after a publication to {@code rank}, by the thread that owns the endpoint: wakes it if it sleeps. */
    public void wakeIfSleeping(int rank) {
        if ((attention(rank) & SegmentDescriptor.SLEEPING) != 0) {
            counters.increment(RankCounter.WAKES);
            wakeOnce(rank, SegmentDescriptor.rankLine(ranks, rank));
        }
    }

    /** Called after room was given back to {@code rank}, by the thread that owns the endpoint: wakes it if it waits. */
    void wakeIfStalled(int rank) {
        VarHandle.fullFence(); // SYNC(wait.stalled)
        if ((attention(rank) & SegmentDescriptor.STALLED) != 0) {
            wakeIfSleeping(rank);
        }
    }

    /** As {@link #wakeIfSleeping}, for any thread; not counted. */
    public void alert(int rank) {
        if ((attention(rank) & SegmentDescriptor.SLEEPING) != 0) {
            wakeOnce(rank, SegmentDescriptor.rankLine(ranks, rank));
        }
    }

    /** From now on the owner of that place, which sleeps elsewhere than on its wake word, is woken by the bell. */
    public void setBell(int place, Bell bell) {
        bells[place] = bell;
    }

    private void wakeOnce(int rank, long peerLine) {
        int ticket = words.getIntVolatile(peerLine + SegmentDescriptor.TICKET_OFFSET);
        if (!words.compareAndSetInt(peerLine + SegmentDescriptor.WAKE_OFFSET, ticket, ticket + 1)) {
            return;
        }
        if (bells[rank] != null) {
            bells[rank].ring();
        } else if (futex) {
            FutexNative.wake(words.memory().address() + peerLine + SegmentDescriptor.WAKE_OFFSET, 1);
        }
    }

    /** Wakes this rank from another of its threads. */
    public void wakeSelf() {
        wake(line);
    }

    private void wake(long peerLine) {
        words.getAndAddInt(peerLine + SegmentDescriptor.WAKE_OFFSET, 1);
        if (futex) {
            FutexNative.wake(words.memory().address() + peerLine + SegmentDescriptor.WAKE_OFFSET, 1);
        }
    }
}
