package org.isthmus.comm.rma;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.Runs;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.op.AtomicReduction;
import org.isthmus.comm.op.PredefinedOp;

/**
 * Memory of one member of a window that this process can load from and store to, and the operations on it. The origin
 * runs them when it reaches the memory itself, else the target for the origin: so they exist once.
 *
 * <p>Addresses {@code at} come from {@link #at}, which checks them. A "packed" operand is the elements one after the
 * other without gaps. Plain loads and stores; atomic for each element where the standard wants it (section 11.3.4). Any
 * thread; but memory without an element lock belongs to one process, which uses it under its engine lock.
 */
final class WindowMemory {
    private final MemorySegment memory;
    private final long start;
    private final long bytes;
    private final int unit;
    private final long first;
    private final ElementLock lock;

    /**
     * @param start offset in {@code memory}
     * @param unit bytes of a unit of displacement
     * @param first displacement of its first byte
     * @param lock null for memory that one process alone uses
     */
    WindowMemory(MemorySegment memory, long start, long bytes, int unit, long first, ElementLock lock) {
        this.memory = memory;
        this.start = start;
        this.bytes = bytes;
        this.unit = unit;
        this.first = first;
        this.lock = lock;
    }

    /** Whether several processes use it, without the engine lock of any. */
    boolean isShared() {
        return lock != null;
    }

    long bytes() {
        return bytes;
    }

    int unit() {
        return unit;
    }

    long address() {
        return memory.address() + start;
    }

    boolean isAt(MemorySegment other, long offset) {
        return other.address() + offset == address();
    }

    boolean holds(long displacement) {
        return displacement >= first && displacement < first + Math.max(bytes, 1);
    }

    long first() {
        return first;
    }

    /** The whole of it. */
    MemorySegment segment() {
        return memory.asSlice(start, bytes);
    }

    /** Where {@code count} elements at displacement {@code disp} lie, if they lie in this memory. */
    long at(long disp, int count, TypeMap type) {
        check(disp - first, unit, bytes, count, type);
        return start + (disp - first) * unit;
    }

    /** Refuses elements that do not lie in a window of {@code bytes}. */
    static void check(long disp, int unit, long bytes, int count, TypeMap type) {
        if (disp < 0) {
            throw new CommException(ErrorClass.DISP, "targetDisp is " + disp + "; it must be 0 or more");
        }
        long from = disp * unit + UserBuffer.start(count, type);
        long to = disp * unit + UserBuffer.end(count, type);
        if (disp > bytes || from < 0 || to > bytes) { // disp is looked at first: the product may overflow
            throw new CommException(ErrorClass.RMA_RANGE, "targetDisp " + disp + " (units of " + unit
                    + " bytes) and targetCount " + count + " reach bytes " + from + " to " + to
                    + " of the target's window, which has " + bytes
                    + " bytes; reduce them or make the window larger");
        }
    }

    void put(Object base, long offset, int count, TypeMap type, long at, int targetCount, TypeMap targetType) {
        long length = type.size() * count;
        if (targetType.isContiguous()) {
            Packer.pack(base, offset, count, type, 0, memory, at, length);
        } else if (type.isContiguous()) {
            putPacked(UserBuffer.bytes(base), offset, at, targetCount, targetType, 0, length);
        } else {
            MemorySegment chunk = chunk(length);
            for (long done = 0; done < length; done += chunk.byteSize()) {
                long n = Math.min(chunk.byteSize(), length - done);
                Packer.pack(base, offset, count, type, done, chunk, 0, n);
                putPacked(chunk, 0, at, targetCount, targetType, done, n);
            }
        }
    }

    void get(Object base, long offset, int count, TypeMap type, long at, int targetCount, TypeMap targetType) {
        long length = type.size() * count;
        if (targetType.isContiguous()) {
            Packer.unpack(memory, at, base, offset, count, type, 0, length);
        } else if (type.isContiguous()) {
            getPacked(UserBuffer.bytes(base), offset, at, targetCount, targetType, 0, length);
        } else {
            MemorySegment chunk = chunk(length);
            for (long done = 0; done < length; done += chunk.byteSize()) {
                long n = Math.min(chunk.byteSize(), length - done);
                getPacked(chunk, 0, at, targetCount, targetType, done, n);
                Packer.unpack(chunk, 0, base, offset, count, type, done, n);
            }
        }
    }

    /** Stores bytes {@code [position, position + length)} of the packed stream. */
    void putPacked(MemorySegment packed, long offset, long at, int count, TypeMap type, long position, long length) {
        Packer.unpack(packed, offset, memory, at, count, type, position, length);
    }

    void getPacked(MemorySegment packed, long offset, long at, int count, TypeMap type, long position, long length) {
        Packer.pack(memory, at, count, type, position, packed, offset, length);
    }

    /**
     * Combines whole elements, bytes {@code [position, position + length)} of the packed stream, with a packed operand.
     *
     * @param operand may be null for NO_OP
     * @param result gets the elements as they were, packed; may be null
     */
    void accumulate(PredefinedOp op, MemorySegment operand, long operandOffset, long at, int count, TypeMap type,
            long position, long length, MemorySegment result, long resultOffset) {
        TypeMap element = type.element();
        if (!element.isContiguous()) {
            accumulateWithGaps(op, operand, operandOffset, at, count, type, position, length, result, resultOffset);
            return;
        }
        Runs runs = new Runs(type, position, length);
        for (long done = 0; runs.next(); done += runs.length()) {
            accumulateRun(op, operand, operandOffset + done, at + runs.offset(), runs.length(), element, result,
                    resultOffset + done);
        }
    }

    private void accumulateRun(PredefinedOp op, MemorySegment operand, long operandOffset, long at, long length,
            TypeMap element, MemorySegment result, long resultOffset) {
        if (AtomicReduction.handles(element, memory, at)) {
            int size = element.base().bytes();
            for (long k = 0; k < length; k += size) {
                long value = operand == null ? 0 : AtomicReduction.load(element.base(), operand, operandOffset + k);
                long old = AtomicReduction.fetch(op, element.base(), memory, at + k, value);
                if (result != null) {
                    AtomicReduction.store(element.base(), result, resultOffset + k, old);
                }
            }
            return;
        }
        long step = Chunks.BYTES; // bounds the time that the lock is held
        for (long k = 0; k < length; k += step) {
            long n = Math.min(step, length - k);
            enter();
            try {
                if (result != null) {
                    MemorySegment.copy(memory, at + k, result, resultOffset + k, n);
                }
                if (op != PredefinedOp.NO_OP) {
                    op.reduce(operand, operandOffset + k, memory, at + k, (int) (n / element.size()), element);
                }
            } finally {
                exit();
            }
        }
    }

    /** Pairs with a gap: both operands are laid out as arrays of them first. */
    private void accumulateWithGaps(PredefinedOp op, MemorySegment operand, long operandOffset, long at, int count,
            TypeMap type, long position, long length, MemorySegment result, long resultOffset) {
        TypeMap element = type.element();
        MemorySegment packed = chunk(length);
        int most = (int) (packed.byteSize() / element.size());
        MemorySegment in = MemorySegment.ofArray(new byte[(int) (most * element.extent())]);
        MemorySegment inout = MemorySegment.ofArray(new byte[(int) (most * element.extent())]);
        for (long done = 0; done < length; done += packed.byteSize()) {
            long n = Math.min(packed.byteSize(), length - done);
            int elements = (int) (n / element.size());
            enter();
            try {
                getPacked(packed, 0, at, count, type, position + done, n);
                if (result != null) {
                    MemorySegment.copy(packed, 0, result, resultOffset + done, n);
                }
                if (op != PredefinedOp.NO_OP) {
                    Packer.unpack(operand, operandOffset + done, in, 0, elements, element, 0, n);
                    Packer.unpack(packed, 0, inout, 0, elements, element, 0, n);
                    op.reduce(in, 0, inout, 0, elements, element);
                    Packer.pack(inout, 0, elements, element, 0, packed, 0, n);
                    putPacked(packed, 0, at, count, type, position + done, n);
                }
            } finally {
                exit();
            }
        }
    }

    /** Combines one aligned int, long, float or double; returns its former bits. The caller knows that it is one. */
    long fetch(PredefinedOp op, Primitive type, long at, long operand) {
        return AtomicReduction.fetch(op, type, memory, at, operand);
    }

    /** Whether {@link #fetch} may be used at {@code at}. */
    boolean isAtomic(TypeMap type, long at) {
        return AtomicReduction.handles(type, memory, at);
    }

    /** Stores the element at {@code value} if the one here equals the one at {@code expected}; gives the one here. */
    void compareAndSwap(MemorySegment expected, long expectedOffset, MemorySegment value, long valueOffset, long at,
            TypeMap type, MemorySegment result, long resultOffset) {
        if (isAtomic(type, at)) {
            Primitive base = type.base();
            long wanted = AtomicReduction.load(base, expected, expectedOffset);
            long old = AtomicReduction.compareAndSwap(base, memory, at, wanted,
                    AtomicReduction.load(base, value, valueOffset));
            AtomicReduction.store(base, result, resultOffset, old);
            return;
        }
        long size = type.size();
        enter();
        try {
            boolean equal = MemorySegment.mismatch(memory, at, at + size, expected, expectedOffset,
                    expectedOffset + size) < 0;
            MemorySegment.copy(memory, at, result, resultOffset, size);
            if (equal) {
                MemorySegment.copy(value, valueOffset, memory, at, size);
            }
        } finally {
            exit();
        }
    }

    private static MemorySegment chunk(long length) {
        return MemorySegment.ofArray(new byte[(int) Math.min(Chunks.BYTES, length)]);
    }

    private void enter() {
        if (lock != null) {
            lock.enter();
        }
    }

    private void exit() {
        if (lock != null) {
            lock.exit();
        }
    }
}
