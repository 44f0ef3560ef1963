package org.isthmus.comm.op;

/** Loops over double arrays; simple enough for the compiler to use vector instructions. */
final class DoubleKernels {
    private DoubleKernels() {}

    /** The loop of {@code op}, null when it is not defined for this type. */
    static Kernel<double[]> of(PredefinedOp op) {
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
            case REPLACE -> (a, b, from, to) -> System.arraycopy(a, from, b, from, to - from);
            case NO_OP -> (a, b, from, to) -> {};
            default -> null;
        };
    }
}
