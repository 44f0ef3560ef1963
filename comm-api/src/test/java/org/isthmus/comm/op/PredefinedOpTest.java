package org.isthmus.comm.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.isthmus.comm.buffer.BufferCopy;
import org.isthmus.comm.datatype.DerivedTypes;
import org.isthmus.comm.datatype.Kind;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation on every type that it is defined for, against one number at a time. */
class PredefinedOpTest {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final Set<PredefinedOp> ANY = EnumSet.of(PredefinedOp.REPLACE, PredefinedOp.NO_OP);
    private static final Set<PredefinedOp> ARITHMETIC =
            EnumSet.of(PredefinedOp.MAX, PredefinedOp.MIN, PredefinedOp.SUM, PredefinedOp.PROD);
    private static final Set<PredefinedOp> LOC = EnumSet.of(PredefinedOp.MINLOC, PredefinedOp.MAXLOC);

    static List<TypeMap> types() {
        return List.of(TypeMap.of(Primitive.BYTE), TypeMap.of(Primitive.CHAR), TypeMap.of(Primitive.SHORT),
                TypeMap.of(Primitive.BOOLEAN), TypeMap.of(Primitive.INT), TypeMap.of(Primitive.LONG),
                TypeMap.of(Primitive.FLOAT), TypeMap.of(Primitive.DOUBLE), TypeMap.of(Primitive.PACKED),
                TypeMap.FLOAT_COMPLEX, TypeMap.DOUBLE_COMPLEX, TypeMap.INT2, TypeMap.SHORT_INT, TypeMap.LONG_INT,
                TypeMap.FLOAT_INT, TypeMap.DOUBLE_INT, DerivedTypes.contiguous(2, TypeMap.of(Primitive.INT)));
    }

    private static boolean isDefined(PredefinedOp op, TypeMap type) {
        return switch (type.kind()) {
            case PRIMITIVE -> switch (type.base()) {
                case BYTE, CHAR, SHORT, INT, LONG, BOOLEAN -> !LOC.contains(op);
                case FLOAT, DOUBLE -> ARITHMETIC.contains(op) || ANY.contains(op);
                case PACKED -> false;
            };
            case FLOAT_COMPLEX, DOUBLE_COMPLEX ->
                op == PredefinedOp.SUM || op == PredefinedOp.PROD || ANY.contains(op);
            case DERIVED -> false;
            default -> LOC.contains(op) || ANY.contains(op);
        };
    }

    @ParameterizedTest
    @EnumSource
    void isDefinedForTheTypesOfTheStandard(PredefinedOp op) {
        for (TypeMap type : types()) {
            assertEquals(isDefined(op, type), op.supports(type), op + " on " + type.kind() + " of " + type.base());
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void combinesElementByElement(TypeMap type) {
        Random random = new Random(7);
        for (PredefinedOp op : PredefinedOp.values()) {
            if (op.supports(type)) {
                for (int count : new int[] {0, 1, 2, 7, 1023, 5000}) {
                    check(op, type, count, random);
                }
            }
        }
    }

    /** All four mixtures of array and segment, at offsets that differ. */
    private static void check(PredefinedOp op, TypeMap type, int count, Random random) {
        int extent = (int) type.extent();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = arena.allocate((count + 3L) * extent, 16);
            MemorySegment b = arena.allocate((count + 3L) * extent, 16);
            fill(a, type, random);
            fill(b, type, random);
            for (int mix = 0; mix < 6; mix++) {
                long from = mix < 4 ? extent : 2L * extent;
                long to = 2L * extent;
                Object in = (mix & 1) == 0 ? copy(a, arena) : array(a, type);
                Object inout = (mix & 2) == 0 ? copy(b, arena) : array(b, type);
                op.reduce(in, from, inout, to, count, type);
                MemorySegment wanted = copy(b, arena);
                for (int k = 0; k < count; k++) {
                    expect(op, type, a, from + (long) k * extent, wanted, to + (long) k * extent);
                }
                assertEquals(-1, wanted.mismatch(content(inout, wanted.byteSize())),
                        op + " on " + type.kind() + " of " + type.base() + ", " + count + " elements, mixture " + mix);
                assertEquals(-1, a.mismatch(content(in, a.byteSize())), "the first operand was changed");
            }
        }
    }

    private static void fill(MemorySegment segment, TypeMap type, Random random) {
        long step = type.kind() == Kind.PRIMITIVE ? type.base().bytes() : type.extent();
        for (long at = 0; at < segment.byteSize(); at += step) {
            switch (type.kind()) {
                case PRIMITIVE -> {
                    switch (type.base()) {
                        case BOOLEAN -> segment.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt(2));
                        case FLOAT -> segment.set(ValueLayout.JAVA_FLOAT, at, random.nextFloat() - 0.5f);
                        case DOUBLE -> segment.set(ValueLayout.JAVA_DOUBLE, at, random.nextDouble() - 0.5);
                        default -> {
                            for (int i = 0; i < step; i++) {
                                // Some zeros, for the logical operations.
                                segment.set(ValueLayout.JAVA_BYTE, at + i,
                                        at / step % 3 == 0 ? 0 : (byte) random.nextInt());
                            }
                        }
                    }
                }
                case FLOAT_COMPLEX -> {
                    segment.set(ValueLayout.JAVA_FLOAT, at, random.nextFloat());
                    segment.set(ValueLayout.JAVA_FLOAT, at + 4, random.nextFloat());
                }
                case DOUBLE_COMPLEX -> {
                    segment.set(ValueLayout.JAVA_DOUBLE, at, random.nextDouble());
                    segment.set(ValueLayout.JAVA_DOUBLE, at + 8, random.nextDouble());
                }
                default -> {
                    // Few values, so that equal ones meet.
                    int value = random.nextInt(3) - 1;
                    switch (type.kind()) {
                        case SHORT_INT -> segment.set(ValueLayout.JAVA_SHORT, at, (short) value);
                        case LONG_INT -> segment.set(ValueLayout.JAVA_LONG, at, value * 10_000_000_000L);
                        case FLOAT_INT -> segment.set(ValueLayout.JAVA_FLOAT, at, value);
                        case DOUBLE_INT -> segment.set(ValueLayout.JAVA_DOUBLE, at, value);
                        default -> segment.set(INT, at, value);
                    }
                    segment.set(INT, at + type.extent() / 2, random.nextInt(100));
                }
            }
        }
    }

    private static MemorySegment copy(MemorySegment segment, Arena arena) {
        return arena.allocate(segment.byteSize(), 16).copyFrom(segment);
    }

    private static Object array(MemorySegment segment, TypeMap type) {
        Object array = type.base().newArray((int) segment.byteSize() / type.base().bytes());
        BufferCopy.fromSegment(segment, 0, array, 0, segment.byteSize());
        return array;
    }

    private static MemorySegment content(Object base, long length) {
        MemorySegment content = MemorySegment.ofArray(new byte[(int) length]);
        BufferCopy.toSegment(base, 0, content, 0, length);
        return content;
    }

    private static void expect(PredefinedOp op, TypeMap type, MemorySegment a, long i, MemorySegment b, long k) {
        switch (type.kind()) {
            case PRIMITIVE -> {
                switch (type.base()) {
                    case BYTE -> b.set(ValueLayout.JAVA_BYTE, k, (byte) integer(op,
                            a.get(ValueLayout.JAVA_BYTE, i) & 0xff, b.get(ValueLayout.JAVA_BYTE, k) & 0xff));
                    case BOOLEAN -> b.set(ValueLayout.JAVA_BYTE, k, (byte) Math.min(1, integer(op,
                            a.get(ValueLayout.JAVA_BYTE, i), b.get(ValueLayout.JAVA_BYTE, k))));
                    case CHAR -> b.set(ValueLayout.JAVA_CHAR, k, (char) integer(op, a.get(ValueLayout.JAVA_CHAR, i),
                            b.get(ValueLayout.JAVA_CHAR, k)));
                    case SHORT -> b.set(ValueLayout.JAVA_SHORT, k, (short) integer(op,
                            a.get(ValueLayout.JAVA_SHORT, i), b.get(ValueLayout.JAVA_SHORT, k)));
                    case INT -> b.set(INT, k, (int) integer(op, a.get(INT, i), b.get(INT, k)));
                    case LONG -> b.set(ValueLayout.JAVA_LONG, k, integer(op, a.get(ValueLayout.JAVA_LONG, i),
                            b.get(ValueLayout.JAVA_LONG, k)));
                    case FLOAT -> b.set(ValueLayout.JAVA_FLOAT, k, (float) real(op, a.get(ValueLayout.JAVA_FLOAT, i),
                            b.get(ValueLayout.JAVA_FLOAT, k)));
                    default -> b.set(ValueLayout.JAVA_DOUBLE, k, real(op, a.get(ValueLayout.JAVA_DOUBLE, i),
                            b.get(ValueLayout.JAVA_DOUBLE, k)));
                }
            }
            case FLOAT_COMPLEX -> {
                float ar = a.get(ValueLayout.JAVA_FLOAT, i);
                float ai = a.get(ValueLayout.JAVA_FLOAT, i + 4);
                float br = b.get(ValueLayout.JAVA_FLOAT, k);
                float bi = b.get(ValueLayout.JAVA_FLOAT, k + 4);
                b.set(ValueLayout.JAVA_FLOAT, k, op == PredefinedOp.SUM ? ar + br
                        : op == PredefinedOp.PROD ? ar * br - ai * bi : op == PredefinedOp.REPLACE ? ar : br);
                b.set(ValueLayout.JAVA_FLOAT, k + 4, op == PredefinedOp.SUM ? ai + bi
                        : op == PredefinedOp.PROD ? ar * bi + ai * br : op == PredefinedOp.REPLACE ? ai : bi);
            }
            case DOUBLE_COMPLEX -> {
                double ar = a.get(ValueLayout.JAVA_DOUBLE, i);
                double ai = a.get(ValueLayout.JAVA_DOUBLE, i + 8);
                double br = b.get(ValueLayout.JAVA_DOUBLE, k);
                double bi = b.get(ValueLayout.JAVA_DOUBLE, k + 8);
                b.set(ValueLayout.JAVA_DOUBLE, k, op == PredefinedOp.SUM ? ar + br
                        : op == PredefinedOp.PROD ? ar * br - ai * bi : op == PredefinedOp.REPLACE ? ar : br);
                b.set(ValueLayout.JAVA_DOUBLE, k + 8, op == PredefinedOp.SUM ? ai + bi
                        : op == PredefinedOp.PROD ? ar * bi + ai * br : op == PredefinedOp.REPLACE ? ai : bi);
            }
            default -> {
                double av = pairValue(type.kind(), a, i);
                double bv = pairValue(type.kind(), b, k);
                long index = type.extent() / 2;
                int ax = a.get(INT, i + index);
                int bx = b.get(INT, k + index);
                boolean better = op == PredefinedOp.MINLOC ? av < bv : av > bv;
                boolean take = op == PredefinedOp.REPLACE || LOC.contains(op) && (better || av == bv && ax < bx);
                if (take) {
                    MemorySegment.copy(a, i, b, k, index + 4);
                }
            }
        }
    }

    private static double pairValue(Kind kind, MemorySegment s, long at) {
        return switch (kind) {
            case SHORT_INT -> s.get(ValueLayout.JAVA_SHORT, at);
            case LONG_INT -> s.get(ValueLayout.JAVA_LONG, at);
            case FLOAT_INT -> s.get(ValueLayout.JAVA_FLOAT, at);
            case DOUBLE_INT -> s.get(ValueLayout.JAVA_DOUBLE, at);
            default -> s.get(INT, at);
        };
    }

    private static long integer(PredefinedOp op, long a, long b) {
        return switch (op) {
            case MAX -> a > b ? a : b;
            case MIN -> a < b ? a : b;
            case SUM -> a + b;
            case PROD -> a * b;
            case LAND -> a != 0 & b != 0 ? 1 : 0;
            case LOR -> a != 0 | b != 0 ? 1 : 0;
            case LXOR -> a != 0 ^ b != 0 ? 1 : 0;
            case BAND -> a & b;
            case BOR -> a | b;
            case BXOR -> a ^ b;
            case REPLACE -> a;
            case NO_OP -> b;
            default -> throw new AssertionError(op);
        };
    }

    private static double real(PredefinedOp op, double a, double b) {
        return switch (op) {
            case MAX -> a > b ? a : b;
            case MIN -> a < b ? a : b;
            case SUM -> a + b;
            case PROD -> a * b;
            case REPLACE -> a;
            case NO_OP -> b;
            default -> throw new AssertionError(op);
        };
    }

    @Test
    void bytesAndCharsAreUnsigned() {
        byte[] in = {(byte) 200};
        byte[] inout = {100};
        PredefinedOp.MAX.reduce(in, 0, inout, 0, 1, TypeMap.of(Primitive.BYTE));
        assertEquals((byte) 200, inout[0]);
    }

    @Test
    void onlyTheReplacingOperationsAreNotCommutative() {
        assertTrue(PredefinedOp.SUM.isCommutative());
        assertTrue(PredefinedOp.MAXLOC.isCommutative());
        assertFalse(PredefinedOp.REPLACE.isCommutative());
    }
}
