package org.isthmus.node.status;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.isthmus.node.shm.StatusDescriptor;

/**
 * The counters of one place of the node, in the segment: the owner adds, anybody looks.
 *
 * <p>Assumptions: one thread at a time adds (the engine's). Adding is a load and a store to a cache line that nobody else
 * writes; readers see it at some time soon, in no order with other words.
 */
public final class RankCounters {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final int PAIR_SHIFT = 4;
    private static final long RECEIVED_OFFSET = (long) Protocol.values().length << PAIR_SHIFT;

    private final MemorySegment memory;
    private final long base;

    RankCounters(MemorySegment memory, long base) {
        this.memory = memory;
        this.base = base;
    }

    /** A message has been sent. */
    public void sent(Protocol protocol, long bytes) {
        count(base + ((long) protocol.ordinal() << PAIR_SHIFT), bytes);
    }

    /** A message has been matched with its receive. */
    public void received(Protocol protocol, long bytes) {
        count(base + RECEIVED_OFFSET + ((long) protocol.ordinal() << PAIR_SHIFT), bytes);
    }

    public void increment(RankCounter counter) {
        add(base + 8L * counter.ordinal(), 1);
    }

    public long get(RankCounter counter) {
        return (long) LONG.getOpaque(memory, base + 8L * counter.ordinal());
    }

    private void count(long at, long bytes) {
        add(at, 1);
        add(at + 8, bytes);
    }

    private void add(long at, long count) {
        LONG.setOpaque(memory, at, (long) LONG.get(memory, at) + count);
    }
}
