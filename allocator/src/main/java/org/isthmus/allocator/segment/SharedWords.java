package org.isthmus.allocator.segment;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The words of memory that several threads or processes share, by byte offset, each access with its ordering in its
 * name.
 *
 * <p>Where the JVM was started with native access, accesses are not checked against the memory's bounds nor for
 * alignment (but by assertion), so that each is one load or store: through a {@link MemorySegment} that the JIT does
 * not know as a constant each costs the checks of scope, bounds, alignment and access mode, 1.7 ns against 0.5 ns and
 * three times the machine code. So offsets that come from another process must have been checked before, and the memory
 * must stay mapped as long as this object is used. Offsets are multiples of the word's size; without native access, or
 * with assertions, an {@link IllegalArgumentException} says so. Thread-safe.
 */
public final class SharedWords {
    private static final boolean NATIVE_ACCESS = SharedWords.class.getModule().isNativeAccessEnabled();
    /** All addresses, as a constant. */
    private static final MemorySegment ALL =
            NATIVE_ACCESS ? MemorySegment.NULL.reinterpret(Long.MAX_VALUE) : MemorySegment.NULL;
    /** With this mask of an address the JIT knows that bounds and alignment hold, and leaves both checks out. */
    private static final long ADDRESSES = Long.MAX_VALUE >>> 1;
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();

    private final MemorySegment memory;
    private final long base;

    /** @param memory off-heap memory, mapped or allocated; without native access an array of long will do */
    public SharedWords(MemorySegment memory) {
        if (NATIVE_ACCESS && !memory.isNative()) {
            throw new IllegalArgumentException("shared words must lie outside of the Java heap");
        }
        this.memory = memory;
        this.base = NATIVE_ACCESS ? memory.address() : 0;
    }

    /** The words from {@code offset} on, by their offsets from there. */
    public SharedWords from(long offset) {
        return new SharedWords(memory.asSlice(offset));
    }

    /** The memory that the words lie in. */
    public MemorySegment memory() {
        return memory;
    }

    public long get(long offset) {
        return (long) LONG.get(all(), at(offset, Long.BYTES));
    }

    public long getOpaque(long offset) {
        return (long) LONG.getOpaque(all(), at(offset, Long.BYTES));
    }

    public long getAcquire(long offset) {
        return (long) LONG.getAcquire(all(), at(offset, Long.BYTES));
    }

    public long getVolatile(long offset) {
        return (long) LONG.getVolatile(all(), at(offset, Long.BYTES));
    }

    public void set(long offset, long value) {
        LONG.set(all(), at(offset, Long.BYTES), value);
    }

    public void setOpaque(long offset, long value) {
        LONG.setOpaque(all(), at(offset, Long.BYTES), value);
    }

    public void setRelease(long offset, long value) {
        LONG.setRelease(all(), at(offset, Long.BYTES), value);
    }

    public boolean compareAndSet(long offset, long expected, long value) {
        return LONG.compareAndSet(all(), at(offset, Long.BYTES), expected, value);
    }

    public long getAndAdd(long offset, long delta) {
        return (long) LONG.getAndAdd(all(), at(offset, Long.BYTES), delta);
    }

    public long getAndSet(long offset, long value) {
        return (long) LONG.getAndSet(all(), at(offset, Long.BYTES), value);
    }

    public int getInt(long offset) {
        return (int) INT.get(all(), at(offset, Integer.BYTES));
    }

    public int getIntOpaque(long offset) {
        return (int) INT.getOpaque(all(), at(offset, Integer.BYTES));
    }

    public int getIntAcquire(long offset) {
        return (int) INT.getAcquire(all(), at(offset, Integer.BYTES));
    }

    public int getIntVolatile(long offset) {
        return (int) INT.getVolatile(all(), at(offset, Integer.BYTES));
    }

    public void setInt(long offset, int value) {
        INT.set(all(), at(offset, Integer.BYTES), value);
    }

    public void setIntRelease(long offset, int value) {
        INT.setRelease(all(), at(offset, Integer.BYTES), value);
    }

    public void setIntVolatile(long offset, int value) {
        INT.setVolatile(all(), at(offset, Integer.BYTES), value);
    }

    public boolean compareAndSetInt(long offset, int expected, int value) {
        return INT.compareAndSet(all(), at(offset, Integer.BYTES), expected, value);
    }

    public int getAndAddInt(long offset, int delta) {
        return (int) INT.getAndAdd(all(), at(offset, Integer.BYTES), delta);
    }

    /** Folds to one of the two when it is compiled. */
    private MemorySegment all() {
        return NATIVE_ACCESS ? ALL : memory;
    }

    private long at(long offset, int bytes) {
        assert offset >= 0 && offset <= memory.byteSize() - bytes : offset + " of " + memory.byteSize();
        assert isAligned(base + offset, bytes);
        return NATIVE_ACCESS ? base + offset & ADDRESSES & -bytes : offset;
    }

    private static boolean isAligned(long address, int bytes) {
        if ((address & bytes - 1) != 0) {
            throw new IllegalArgumentException("a word of " + bytes
                    + " bytes lies at a multiple of them, not at " + address);
        }
        return true;
    }
}
