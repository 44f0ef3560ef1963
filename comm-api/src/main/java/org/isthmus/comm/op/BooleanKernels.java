package org.isthmus.comm.op;

/** Loops over boolean arrays. Arithmetic means what it does for the numbers 0 and 1, held within them. */
final class BooleanKernels {
    private BooleanKernels() {}

    /** The loop of {@code op}, null when it is not defined for this type. */
    static Kernel<boolean[]> of(PredefinedOp op) {
        return switch (op) {
            case MAX, LOR, BOR, SUM -> (a, b, from, to) -> {
                for (int k = from; k < to; k++) {
                    b[k] |= a[k];
                }
            };
            case MIN, LAND, BAND, PROD -> (a, b, from, to) -> {
                for (int k = from; k < to; k++) {
                    b[k] &= a[k];
                }
            };
            case LXOR, BXOR -> (a, b, from, to) -> {
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
