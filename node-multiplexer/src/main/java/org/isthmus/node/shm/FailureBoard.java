package org.isthmus.node.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * What the ranks of a node that survive failures tell each other about them: a list of events that only grows, and
 * room for agreements.
 *
 * <pre>
 *   events         u32[32768]        any rank, compare-and-set from 0, the first free one: SYNC(failure.event)
 *   next context   u64               any rank, fetch-and-add
 *   decisions      u64[16384]        any rank, compare-and-set; one for each communicator: SYNC(failure.decision)
 *   contributions  ranks x 8 of      its rank
 *     value        u64               plain
 *     key          u64               release, after the value: SYNC(failure.contribution)
 *   notes          ranks x 8 of      its rank
 *     note         u32, u32          release: events that it has seen; events of whose dead it needs no memory any
 *                                    more. SYNC(failure.note)
 * </pre>
 *
 * <p>A rank killed at any instruction leaves no gap: an event is there or not, by one compare-and-set. Any thread.
 */
public final class FailureBoard {
    /** Decisions there are room for. */
    public static final int DECISIONS = 1 << 14;
    /** Agreements that a rank can take part in at a time. */
    public static final int SLOTS = 8;

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final int EVENTS = 1 << 15;
    private static final long NEXT_CONTEXT_OFFSET = 4L * EVENTS;
    private static final long DECISIONS_OFFSET = NEXT_CONTEXT_OFFSET + 64;
    private static final long CONTRIBUTIONS_OFFSET = DECISIONS_OFFSET + 8L * DECISIONS;
    private static final long SLOT_BYTES = 16;

    private final MemorySegment memory;
    private final long base;
    private final int ranks;

    FailureBoard(MemorySegment memory, long base, int ranks) {
        this.memory = memory;
        this.base = base;
        this.ranks = ranks;
    }

    static long bytes(int ranks) {
        return notesOffset(ranks) + 8L * ranks;
    }

    private static long notesOffset(int ranks) {
        return CONTRIBUTIONS_OFFSET + ranks * SLOTS * SLOT_BYTES;
    }

    /**
     * Tells the others how far {@code rank} has got.
     *
     * @param seen so many events it has taken over: it waits for nothing of those who died by them
     * @param released of so many events the dead may have their memory used by others
     */
    public void note(int rank, int seen, int released) {
        long note = (long) released << 32 | seen;
        LONG.setRelease(memory, base + notesOffset(ranks) + 8L * rank, note); // SYNC(failure.note)
    }

    /** Events that {@code rank} has seen. */
    public int seen(int rank) {
        return (int) noted(rank);
    }

    /** Events of whose dead {@code rank} does not touch the memory any more. */
    public int released(int rank) {
        return (int) (noted(rank) >>> 32);
    }

    private long noted(int rank) {
        // SYNC(failure.note): the rank's last accesses to what it has released come before
        return (long) LONG.getAcquire(memory, base + notesOffset(ranks) + 8L * rank);
    }

    /** The event at {@code index}, 0 when there is none yet; events before it can be seen then. */
    public int event(int index) {
        return index >= EVENTS ? 0 : (int) INT.getAcquire(memory, base + 4L * index); // SYNC(failure.event)
    }

    /**
     * Adds an event, not 0, unless it is there.
     *
     * @return false when there is no room for it
     */
    public boolean add(int event) {
        for (int i = 0; i < EVENTS; i++) {
            int found = (int) INT.compareAndExchange(memory, base + 4L * i, 0, event); // SYNC(failure.event)
            if (found == 0 || found == event) {
                return true;
            }
        }
        return false;
    }

    /** A number that no other call got. */
    public long nextNumber() {
        return (long) LONG.getAndAdd(memory, base + NEXT_CONTEXT_OFFSET, 1L);
    }

    public long decision(int index) {
        return (long) LONG.getAcquire(memory, decisionOffset(index)); // SYNC(failure.decision)
    }

    /** Replaces a decision, if it is still {@code before}. */
    public void decide(int index, long before, long after) {
        boolean ignored = LONG.compareAndSet(memory, decisionOffset(index), before, after); // SYNC(failure.decision)
    }

    /** Makes a contribution of {@code rank} in one of its slots visible. */
    public void contribute(int rank, int slot, long key, long value) {
        long at = slotOffset(rank, slot);
        LONG.set(memory, at, value);
        LONG.setRelease(memory, at + 8, key); // SYNC(failure.contribution)
    }

    /** The slot of {@code rank} with the contribution {@code key}, -1 when there is none. */
    public int slotOf(int rank, long key) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if ((long) LONG.getAcquire(memory, slotOffset(rank, slot) + 8) == key) { // SYNC(failure.contribution)
                return slot;
            }
        }
        return -1;
    }

    public long contribution(int rank, int slot) {
        return (long) LONG.get(memory, slotOffset(rank, slot));
    }

    public int ranks() {
        return ranks;
    }

    private long decisionOffset(int index) {
        return base + DECISIONS_OFFSET + 8L * index;
    }

    private long slotOffset(int rank, int slot) {
        return base + CONTRIBUTIONS_OFFSET + ((long) rank * SLOTS + slot) * SLOT_BYTES;
    }
}
