package org.isthmus.allocator.heap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** One page: a ring of handles from one process to another, for tests. 0 head, 64 tail, 128 the slots. */
final class HandleRing {
    static final int SLOTS = 256;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private final MemorySegment memory;
    private final long base;

    HandleRing(MemorySegment memory, long base) {
        this.memory = memory;
        this.base = base;
    }

    boolean isFull() {
        return (long) LONG.getVolatile(memory, base + 64) - (long) LONG.getVolatile(memory, base) == SLOTS;
    }

    void put(long handle) {
        long tail = (long) LONG.get(memory, base + 64);
        LONG.set(memory, base + 128 + tail % SLOTS * 8, handle);
        LONG.setRelease(memory, base + 64, tail + 1);
    }

    /** The next handle, or 0. */
    long poll() {
        long head = (long) LONG.get(memory, base);
        if ((long) LONG.getAcquire(memory, base + 64) == head) {
            return 0;
        }
        long handle = (long) LONG.get(memory, base + 128 + head % SLOTS * 8);
        LONG.setRelease(memory, base, head + 1);
        return handle;
    }

    void reset() {
        LONG.setVolatile(memory, base, 0L);
        LONG.setVolatile(memory, base + 64, 0L);
    }
}
