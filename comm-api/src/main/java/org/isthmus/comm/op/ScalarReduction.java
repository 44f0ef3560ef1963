package org.isthmus.comm.op;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.comm.datatype.Primitive;

/**
 * Reduces a few int, long, float or double elements one by one, where staging them through arrays would cost more than
 * the arithmetic: the one-element allreduce of so many programs.
 *
 * <p>Int arithmetic is done in long and float arithmetic in double, which give the same results: sums and products of
 * ints agree in their low 32 bits, and sums and products of two floats are rounded once either way.
 */
final class ScalarReduction {
    /** Most elements for which it is used. */
    static final int LIMIT = 8;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private ScalarReduction() {}

    /** Whether it knows the operation on that type. */
    static boolean handles(PredefinedOp op, Primitive type) {
        return switch (type) {
            case INT, LONG -> op != PredefinedOp.MINLOC && op != PredefinedOp.MAXLOC;
            case FLOAT, DOUBLE -> switch (op) {
                case MAX, MIN, SUM, PROD, REPLACE -> true;
                default -> false;
            };
            default -> false;
        };
    }

    /**
     * Element by element {@code inout = in op inout}; offsets are in bytes. With one element nothing jumps back: a loop
     * that is entered often the JIT would compile twice, once for those who are in it.
     */
    static void run(PredefinedOp op, Primitive type, MemorySegment in, long inOffset, MemorySegment inout,
            long inoutOffset, int elements) {
        if (elements == 0) {
            return;
        }
        int i = 0;
        do {
            long a = inOffset + (long) i * type.bytes();
            long b = inoutOffset + (long) i * type.bytes();
            switch (type) {
                case INT -> ofInts(op, in, a, inout, b);
                case LONG -> ofLongs(op, in, a, inout, b);
                case FLOAT -> ofFloats(op, in, a, inout, b);
                case DOUBLE -> ofDoubles(op, in, a, inout, b);
                default -> throw new IllegalArgumentException(type.name());
            }
        } while (++i < elements);
    }

    private static void ofInts(PredefinedOp op, MemorySegment in, long a, MemorySegment inout, long b) {
        inout.set(INT, b, (int) combine(op, in.get(INT, a), inout.get(INT, b)));
    }

    private static void ofLongs(PredefinedOp op, MemorySegment in, long a, MemorySegment inout, long b) {
        inout.set(LONG, b, combine(op, in.get(LONG, a), inout.get(LONG, b)));
    }

    private static void ofFloats(PredefinedOp op, MemorySegment in, long a, MemorySegment inout, long b) {
        inout.set(FLOAT, b, (float) combine(op, (double) in.get(FLOAT, a), inout.get(FLOAT, b)));
    }

    private static void ofDoubles(PredefinedOp op, MemorySegment in, long a, MemorySegment inout, long b) {
        inout.set(DOUBLE, b, combine(op, in.get(DOUBLE, a), inout.get(DOUBLE, b)));
    }

    static long combine(PredefinedOp op, long in, long inout) {
        return switch (op) {
            case MAX -> Math.max(in, inout);
            case MIN -> Math.min(in, inout);
            case SUM -> in + inout;
            case PROD -> in * inout;
            case LAND -> in != 0 && inout != 0 ? 1 : 0;
            case LOR -> in != 0 || inout != 0 ? 1 : 0;
            case LXOR -> in != 0 ^ inout != 0 ? 1 : 0;
            case BAND -> in & inout;
            case BOR -> in | inout;
            case BXOR -> in ^ inout;
            case REPLACE -> in;
            default -> throw new IllegalArgumentException(op.name());
        };
    }

    static double combine(PredefinedOp op, double in, double inout) {
        return switch (op) {
            case MAX -> Math.max(in, inout);
            case MIN -> Math.min(in, inout);
            case SUM -> in + inout;
            case PROD -> in * inout;
            case REPLACE -> in;
            default -> throw new IllegalArgumentException(op.name());
        };
    }
}
