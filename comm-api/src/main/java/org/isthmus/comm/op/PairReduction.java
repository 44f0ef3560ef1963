package org.isthmus.comm.op;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.comm.datatype.Kind;
import org.isthmus.comm.datatype.TypeMap;

/** MINLOC and MAXLOC on pairs of a value and an index (MPI 3.1, section 5.9.4); of equal values the lower index. */
final class PairReduction {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private PairReduction() {}

    static boolean isPair(Kind kind) {
        return switch (kind) {
            case INT2, SHORT_INT, LONG_INT, FLOAT_INT, DOUBLE_INT -> true;
            default -> false;
        };
    }

    static void run(PredefinedOp op, TypeMap type, Object in, long inOffset, Object inout, long inoutOffset,
            int count) {
        MemorySegment a = segment(in);
        MemorySegment b = segment(inout);
        Kind kind = type.kind();
        long index = type.extent() / 2;
        for (int k = 0; k < count; k++) {
            long at = inOffset + k * type.extent();
            long to = inoutOffset + k * type.extent();
            int order = op == PredefinedOp.REPLACE ? 1 : compare(kind, a, at, b, to);
            if (op == PredefinedOp.MINLOC) {
                order = -order;
            }
            if (order > 0) {
                MemorySegment.copy(a, at, b, to, type.trueExtent());
            } else if (order == 0) {
                b.set(INT, to + index, Math.min(a.get(INT, at + index), b.get(INT, to + index)));
            }
        }
    }

    private static int compare(Kind kind, MemorySegment a, long at, MemorySegment b, long to) {
        return switch (kind) {
            case INT2 -> Integer.compare(a.get(INT, at), b.get(INT, to));
            case SHORT_INT -> Short.compare(a.get(ValueLayout.JAVA_SHORT_UNALIGNED, at),
                    b.get(ValueLayout.JAVA_SHORT_UNALIGNED, to));
            case LONG_INT -> Long.compare(a.get(ValueLayout.JAVA_LONG_UNALIGNED, at),
                    b.get(ValueLayout.JAVA_LONG_UNALIGNED, to));
            case FLOAT_INT -> signum(a.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at),
                    b.get(ValueLayout.JAVA_FLOAT_UNALIGNED, to));
            case DOUBLE_INT -> signum(a.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at),
                    b.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, to));
            default -> throw new IllegalArgumentException(kind.name());
        };
    }

    /** Unlike {@code Double.compare}, 0.0 and -0.0 are equal. */
    private static int signum(double a, double b) {
        return a == b ? 0 : Double.compare(a, b);
    }

    private static MemorySegment segment(Object base) {
        return base instanceof byte[] array ? MemorySegment.ofArray(array) : (MemorySegment) base;
    }
}
