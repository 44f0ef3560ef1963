package org.isthmus.comm.op;

import java.util.function.IntBinaryOperator;

/**
 * Loops over byte, char and short arrays. As in Open MPI's Java binding a byte is an unsigned 8-bit number, a char an
 * unsigned and a short a signed 16-bit one; that decides MAX and MIN. Results wrap around.
 */
final class SmallIntegerKernels {
    private SmallIntegerKernels() {}

    static Kernel<byte[]> ofBytes(PredefinedOp op) {
        IntBinaryOperator f = operator(op);
        return f == null ? null : (a, b, from, to) -> {
            for (int k = from; k < to; k++) {
                b[k] = (byte) f.applyAsInt(a[k] & 0xff, b[k] & 0xff);
            }
        };
    }

    static Kernel<char[]> ofChars(PredefinedOp op) {
        IntBinaryOperator f = operator(op);
        return f == null ? null : (a, b, from, to) -> {
            for (int k = from; k < to; k++) {
                b[k] = (char) f.applyAsInt(a[k], b[k]);
            }
        };
    }

    static Kernel<short[]> ofShorts(PredefinedOp op) {
        IntBinaryOperator f = operator(op);
        return f == null ? null : (a, b, from, to) -> {
            for (int k = from; k < to; k++) {
                b[k] = (short) f.applyAsInt(a[k], b[k]);
            }
        };
    }

    private static IntBinaryOperator operator(PredefinedOp op) {
        return switch (op) {
            case MAX -> Math::max;
            case MIN -> Math::min;
            case SUM -> (a, b) -> a + b;
            case PROD -> (a, b) -> a * b;
            case LAND -> (a, b) -> a != 0 && b != 0 ? 1 : 0;
            case LOR -> (a, b) -> a != 0 || b != 0 ? 1 : 0;
            case LXOR -> (a, b) -> (a != 0) != (b != 0) ? 1 : 0;
            case BAND -> (a, b) -> a & b;
            case BOR -> (a, b) -> a | b;
            case BXOR -> (a, b) -> a ^ b;
            case REPLACE -> (a, b) -> a;
            case NO_OP -> (a, b) -> b;
            case MINLOC, MAXLOC -> null;
        };
    }
}
