package org.isthmus.benchmarks.rings;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** A number in a cache line, there and back: the floor at depth 1. Holds one record. */
final class RawLane implements Lane {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private final MemorySegment memory;
    private final long out;
    private final long in;
    private long last;

    RawLane(MemorySegment memory, long out, long in) {
        this.memory = memory;
        this.out = out;
        this.in = in;
    }

    @Override
    public boolean offer(long number) {
        LONG.setRelease(memory, out, number);
        return true;
    }

    @Override
    public void flush() {
        // visible since offer
    }

    @Override
    public int drain(Sink sink, int limit) {
        long number = (long) LONG.getAcquire(memory, in);
        if (number == last) {
            return 0;
        }
        last = number;
        sink.accept(number);
        return 1;
    }
}
