package org.isthmus.node.status;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counters of one place of the node: the owner adds to words of its own heap, which costs next to nothing, and now
 * and then they are shown in the segment, where anybody may look.
 *
 * <p>One thread at a time adds (the engine's). Any thread may {@link #publish}; what it shows is as of some time
 * shortly before, each counter by itself.
 */
public final class RankCounters {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
    private static final int RECEIVED = 2 * Protocol.values().length;

    private final MemorySegment memory;
    private final long base;
    private final long[] words = new long[RankCounter.values().length];

    /** @param base where in {@code memory} {@link #publish} shows the counters, 8 bytes each */
    public RankCounters(MemorySegment memory, long base) {
        this.memory = memory;
        this.base = base;
    }

    /** A message has been sent. */
    public void sent(Protocol protocol, long bytes) {
        int i = 2 * protocol.ordinal();
        words[i]++;
        words[i + 1] += bytes;
    }

    /** A message has been matched with its receive. */
    public void received(Protocol protocol, long bytes) {
        int i = RECEIVED + 2 * protocol.ordinal();
        words[i]++;
        words[i + 1] += bytes;
    }

    /** Notes an operation that the multiplexer did for this rank. */
    public void oneSided(long bytes) {
        words[RankCounter.ONE_SIDED.ordinal()]++;
        words[RankCounter.ONE_SIDED_BYTES.ordinal()] += bytes;
    }

    public void increment(RankCounter counter) {
        words[counter.ordinal()]++;
    }

    public long get(RankCounter counter) {
        return (long) WORD.getOpaque(words, counter.ordinal());
    }

    /** Shows in the segment what has been counted. */
    public synchronized void publish() {
        for (int i = 0; i < words.length; i++) {
            LONG.setOpaque(memory, base + 8L * i, (long) WORD.getOpaque(words, i));
        }
    }
}
