package org.isthmus.benchmarks.rings;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Generations in an array of their own, beside slots of one size: what the notes tried and gave up. No credits: the
 * depth bounds what is under way. It exists to be compared with, and is no variant of the engine's rings.
 */
final class SeparateLane implements Lane {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final int SLOTS = 512;
    private static final long GENERATIONS_BYTES = SLOTS * 8L;

    private final MemorySegment memory;
    private final long out;
    private final long in;
    private final int bytes;
    private long sent;
    private long received;

    SeparateLane(MemorySegment memory, long out, long in, int bytes) {
        this.memory = memory;
        this.out = out;
        this.in = in;
        this.bytes = bytes;
    }

    @Override
    public boolean offer(long number) {
        long slot = sent & SLOTS - 1;
        long payload = out + GENERATIONS_BYTES + slot * bytes;
        for (int at = 0; at < bytes; at += 8) {
            memory.set(ValueLayout.JAVA_LONG, payload + at, number);
        }
        LONG.setRelease(memory, out + 8 * slot, ++sent);
        return true;
    }

    @Override
    public void flush() {
        // visible since offer
    }

    @Override
    public int drain(Sink sink, int limit) {
        int records = 0;
        while (records < limit && isThere()) {
            long number = Words.read(memory, in + GENERATIONS_BYTES + (received & SLOTS - 1) * bytes, bytes);
            received++;
            records++;
            sink.accept(number);
        }
        return records;
    }

    private boolean isThere() {
        return (long) LONG.getAcquire(memory, in + 8 * (received & SLOTS - 1)) == received + 1;
    }
}
