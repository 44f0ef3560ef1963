package org.isthmus.comm.op;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.datatype.Kind;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;

/**
 * The predefined operations (MPI 3.1, sections 5.9.2 and 5.9.4, and REPLACE and NO_OP of section 11.3.4).
 *
 * <p>Integers (byte, char, short, int, long) have all but MINLOC and MAXLOC; float and double the arithmetic ones;
 * complex numbers SUM and PROD; boolean all but the LOC ones; pairs MINLOC and MAXLOC only. REPLACE and NO_OP are
 * defined for all of these.
 */
public enum PredefinedOp implements ReduceOp {
    MAX, MIN, SUM, PROD, LAND, BAND, LOR, BOR, LXOR, BXOR, MINLOC, MAXLOC, REPLACE, NO_OP;

    /** Loops by operation and primitive; a holder, because it needs all operations to exist. */
    private static final class Loops {
        static final Kernel<?>[][] OF = new Kernel<?>[PredefinedOp.values().length][Primitive.values().length];

        static {
            for (PredefinedOp op : PredefinedOp.values()) {
                Kernel<?>[] row = OF[op.ordinal()];
                row[Primitive.BYTE.ordinal()] = SmallIntegerKernels.ofBytes(op);
                row[Primitive.CHAR.ordinal()] = SmallIntegerKernels.ofChars(op);
                row[Primitive.SHORT.ordinal()] = SmallIntegerKernels.ofShorts(op);
                row[Primitive.BOOLEAN.ordinal()] = BooleanKernels.of(op);
                row[Primitive.INT.ordinal()] = IntKernels.of(op);
                row[Primitive.LONG.ordinal()] = LongKernels.of(op);
                row[Primitive.FLOAT.ordinal()] = FloatKernels.of(op);
                row[Primitive.DOUBLE.ordinal()] = DoubleKernels.of(op);
            }
        }
    }

    @Override
    public boolean isCommutative() {
        return this != REPLACE && this != NO_OP;
    }

    @Override
    public boolean supports(TypeMap type) {
        return switch (type.kind()) {
            case PRIMITIVE -> Loops.OF[ordinal()][type.base().ordinal()] != null;
            case FLOAT_COMPLEX -> ComplexKernels.ofFloats(this) != null;
            case DOUBLE_COMPLEX -> ComplexKernels.ofDoubles(this) != null;
            case INT2, SHORT_INT, LONG_INT, FLOAT_INT, DOUBLE_INT ->
                this == MINLOC || this == MAXLOC || this == REPLACE || this == NO_OP;
            case DERIVED -> false;
        };
    }

    @Override
    public void reduce(Object in, long inOffset, Object inout, long inoutOffset, int count, TypeMap type) {
        if (this == NO_OP || count == 0) {
            return;
        }
        Primitive base = type.base();
        if (count <= ScalarReduction.LIMIT && type.kind() == Kind.PRIMITIVE && in instanceof MemorySegment a
                && inout instanceof MemorySegment b && ScalarReduction.handles(this, base)) {
            ScalarReduction.run(this, base, a, inOffset, b, inoutOffset, count);
            return;
        }
        switch (type.kind()) {
            case PRIMITIVE -> stage(Loops.OF[ordinal()][base.ordinal()], base, base.arrayClass(), in, inOffset, inout,
                    inoutOffset, count);
            case FLOAT_COMPLEX -> StagedReduction.run(ComplexKernels.ofFloats(this), base, float[].class, in, inOffset,
                    inout, inoutOffset, Math.multiplyExact(2, count));
            case DOUBLE_COMPLEX -> StagedReduction.run(ComplexKernels.ofDoubles(this), base, double[].class, in,
                    inOffset, inout, inoutOffset, Math.multiplyExact(2, count));
            case DERIVED -> throw new IllegalArgumentException(name() + " is not defined for a derived datatype");
            default -> PairReduction.run(this, type, in, inOffset, inout, inoutOffset, count);
        }
    }

    /** The table pairs each primitive with a loop over its own array class. */
    @SuppressWarnings("unchecked")
    private static <A> void stage(Kernel<?> kernel, Primitive primitive, Class<A> arrayClass, Object in, long inOffset,
            Object inout, long inoutOffset, int elements) {
        StagedReduction.run((Kernel<A>) kernel, primitive, arrayClass, in, inOffset, inout, inoutOffset, elements);
    }
}
