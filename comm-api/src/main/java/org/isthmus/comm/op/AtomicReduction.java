package org.isthmus.comm.op;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.isthmus.comm.datatype.Kind;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;

/**
 * Predefined operations on one int, long, float or double in memory that several processes share, each as one atomic
 * step.
 *
 * <p>A value travels as its bits in a long. Where the processor has an instruction for the operation, that is used;
 * elsewhere a compare-and-set is repeated until it succeeds. Lock-free; allocates nothing; any thread. The target is
 * aligned to its size. Each operation is a full fence.
 */
public final class AtomicReduction {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private AtomicReduction() {}

    /** Whether elements of {@code type} at {@code offset} are handled here, whatever the operation. */
    public static boolean handles(TypeMap type, MemorySegment memory, long offset) {
        if (type.kind() != Kind.PRIMITIVE || (memory.address() + offset & type.base().bytes() - 1) != 0) {
            return false;
        }
        return switch (type.base()) {
            case INT, LONG, FLOAT, DOUBLE -> true;
            default -> false;
        };
    }

    /** Reads the bits of an element that need not be aligned; not atomic. */
    public static long load(Primitive type, MemorySegment memory, long offset) {
        return type.bytes() == Long.BYTES ? memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset)
                : memory.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
    }

    /** Stores the bits of an element that need not be aligned; not atomic. */
    public static void store(Primitive type, MemorySegment memory, long offset, long bits) {
        if (type.bytes() == Long.BYTES) {
            memory.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, bits);
        } else {
            memory.set(ValueLayout.JAVA_INT_UNALIGNED, offset, (int) bits);
        }
    }

    /** Replaces the element by {@code operand op element}; returns the bits that it had. */
    public static long fetch(PredefinedOp op, Primitive type, MemorySegment memory, long offset, long operand) {
        return switch (type) {
            case LONG -> fetchLong(op, memory, offset, operand);
            case INT -> fetchInt(op, memory, offset, (int) operand);
            case DOUBLE -> fetchDouble(op, memory, offset, operand);
            case FLOAT -> fetchFloat(op, memory, offset, (int) operand);
            default -> throw new IllegalArgumentException(type.name());
        };
    }

    /** Stores {@code value} if the element's bits are {@code expected}; returns the bits that it had. */
    public static long compareAndSwap(Primitive type, MemorySegment memory, long offset, long expected, long value) {
        return type.bytes() == Long.BYTES ? (long) LONG.compareAndExchange(memory, offset, expected, value)
                : (int) INT.compareAndExchange(memory, offset, (int) expected, (int) value);
    }

    private static long fetchLong(PredefinedOp op, MemorySegment memory, long offset, long operand) {
        return switch (op) {
            case SUM -> (long) LONG.getAndAdd(memory, offset, operand);
            case REPLACE -> (long) LONG.getAndSet(memory, offset, operand);
            case NO_OP -> (long) LONG.getVolatile(memory, offset);
            case BAND -> (long) LONG.getAndBitwiseAnd(memory, offset, operand);
            case BOR -> (long) LONG.getAndBitwiseOr(memory, offset, operand);
            case BXOR -> (long) LONG.getAndBitwiseXor(memory, offset, operand);
            default -> {
                long old;
                do {
                    old = (long) LONG.getVolatile(memory, offset);
                } while (!LONG.compareAndSet(memory, offset, old, ScalarReduction.combine(op, operand, old)));
                yield old;
            }
        };
    }

    private static long fetchInt(PredefinedOp op, MemorySegment memory, long offset, int operand) {
        return switch (op) {
            case SUM -> (int) INT.getAndAdd(memory, offset, operand);
            case REPLACE -> (int) INT.getAndSet(memory, offset, operand);
            case NO_OP -> (int) INT.getVolatile(memory, offset);
            case BAND -> (int) INT.getAndBitwiseAnd(memory, offset, operand);
            case BOR -> (int) INT.getAndBitwiseOr(memory, offset, operand);
            case BXOR -> (int) INT.getAndBitwiseXor(memory, offset, operand);
            default -> {
                int old;
                int combined;
                do {
                    old = (int) INT.getVolatile(memory, offset);
                    combined = (int) ScalarReduction.combine(op, (long) operand, old);
                } while (!INT.compareAndSet(memory, offset, old, combined));
                yield old;
            }
        };
    }

    private static long fetchDouble(PredefinedOp op, MemorySegment memory, long offset, long operand) {
        if (op == PredefinedOp.REPLACE || op == PredefinedOp.NO_OP) {
            return fetchLong(op, memory, offset, operand);
        }
        double in = Double.longBitsToDouble(operand);
        long old;
        long combined;
        do {
            old = (long) LONG.getVolatile(memory, offset);
            combined = Double.doubleToRawLongBits(ScalarReduction.combine(op, in, Double.longBitsToDouble(old)));
        } while (!LONG.compareAndSet(memory, offset, old, combined));
        return old;
    }

    private static long fetchFloat(PredefinedOp op, MemorySegment memory, long offset, int operand) {
        if (op == PredefinedOp.REPLACE || op == PredefinedOp.NO_OP) {
            return fetchInt(op, memory, offset, operand);
        }
        double in = Float.intBitsToFloat(operand);
        int old;
        int combined;
        do {
            old = (int) INT.getVolatile(memory, offset);
            double value = ScalarReduction.combine(op, in, (double) Float.intBitsToFloat(old));
            combined = Float.floatToRawIntBits((float) value);
        } while (!INT.compareAndSet(memory, offset, old, combined));
        return old;
    }
}
