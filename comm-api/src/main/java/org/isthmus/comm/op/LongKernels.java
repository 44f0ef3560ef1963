package org.isthmus.comm.op;

/** Loops over long arrays; simple enough for the compiler to use vector instructions. */
final class LongKernels {
    private LongKernels() {}

    /** The loop of {@code op}, null when it is not defined for this type. */
    static Kernel<long[]> of(PredefinedOp op) {
        return switch (op) {
            case MAX -> (a, b, from, to) -> {
                for (int k = from; k < to; k++) {
                    b[k] = Math.max(a[k], b[k]);
                }
            };
            case MIN -> (a, b, from, to) -> {
                for (int k = from; k < to; k++) {
                    b[k] = Math.min(a[k], b[k]);
                }
            };
            case SUM -> (a, b, from, to) -> {
                for (int k = from; k < to; k++) {
                    b[k] += a[k];
                }
            };
            case PROD -> (a, b, from, to) -> {
                for (int k = from; k < to; k++) {
                    b[k] *= a[k];
                }
            };
            case LAND -> (a, b, from, to) -> {
                for (int k = from; k < to; k++) {
                    b[k] = a[k] != 0 && b[k] != 0 ? 1 : 0;
                }
            };
            case LOR -> (a, b, from, to) -> {
                for (int k = from; k < to; k++) {
                    b[k] = a[k] != 0 || b[k] != 0 ? 1 : 0;
                }
            };
            case LXOR -> (a, b, from, to) -> {
                for (int k = from; k < to; k++) {
                    b[k] = (a[k] != 0) != (b[k] != 0) ? 1 : 0;
                }
            };
            case BAND -> (a, b, from, to) -> {
                for (int k = from; k < to; k++) {
                    b[k] &= a[k];
                }
            };
            case BOR -> (a, b, from, to) -> {
                for (int k = from; k < to; k++) {
                    b[k] |= a[k];
                }
            };
            case BXOR -> (a, b, from, to) -> {
                for (int k = from; k < to; k++) {
                    b[k] ^= a[k];
                }
            };
            case REPLACE -> (a, b, from, to) -> System.arraycopy(a, from, b, from, to - from);
            case NO_OP -> (a, b, from, to) -> {};
            default -> null;
        };
    }
}
