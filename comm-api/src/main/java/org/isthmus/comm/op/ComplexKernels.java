package org.isthmus.comm.op;

/** Loops over complex numbers, each two neighbours of a float or double array: real and imaginary part. */
final class ComplexKernels {
    private ComplexKernels() {}

    static Kernel<float[]> ofFloats(PredefinedOp op) {
        return switch (op) {
            case SUM, REPLACE, NO_OP -> FloatKernels.of(op);
            case PROD -> (a, b, from, to) -> {
                for (int k = from; k < to; k += 2) {
                    float real = a[k] * b[k] - a[k + 1] * b[k + 1];
                    b[k + 1] = a[k] * b[k + 1] + a[k + 1] * b[k];
                    b[k] = real;
                }
            };
            default -> null;
        };
    }

    static Kernel<double[]> ofDoubles(PredefinedOp op) {
        return switch (op) {
            case SUM, REPLACE, NO_OP -> DoubleKernels.of(op);
            case PROD -> (a, b, from, to) -> {
                for (int k = from; k < to; k += 2) {
                    double real = a[k] * b[k] - a[k + 1] * b[k + 1];
                    b[k + 1] = a[k] * b[k + 1] + a[k + 1] * b[k];
                    b[k] = real;
                }
            };
            default -> null;
        };
    }
}
