package org.isthmus.comm.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Atomic operations give what the plain ones give, and lose nothing. */
class AtomicReductionTest {
    private static final List<Primitive> TYPES = List.of(Primitive.INT, Primitive.LONG, Primitive.FLOAT,
            Primitive.DOUBLE);

    @Test
    void sameAsThePlainOperation() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(24, 8);
            for (Primitive primitive : TYPES) {
                TypeMap type = TypeMap.of(primitive);
                for (PredefinedOp op : PredefinedOp.values()) {
                    if (op.supports(type)) {
                        compare(op, type, memory);
                    }
                }
            }
        }
    }

    private static void compare(PredefinedOp op, TypeMap type, MemorySegment memory) {
        Primitive primitive = type.base();
        for (double in : new double[] {0, 1, -3, 12}) {
            for (double inout : new double[] {0, 5, -3}) {
                long operand = bits(primitive, in);
                long before = bits(primitive, inout);
                AtomicReduction.store(primitive, memory, 0, operand);
                AtomicReduction.store(primitive, memory, 8, before);
                AtomicReduction.store(primitive, memory, 16, before);
                op.reduce(memory, 0, memory, 8, 1, type);
                long old = AtomicReduction.fetch(op, primitive, memory, 16, operand);
                assertEquals(before, old, op + " of " + primitive);
                assertEquals(AtomicReduction.load(primitive, memory, 8), AtomicReduction.load(primitive, memory, 16),
                        op + " of " + primitive + ", " + in + " and " + inout);
            }
        }
    }

    private static long bits(Primitive type, double value) {
        return switch (type) {
            case INT -> (int) value;
            case LONG -> (long) value;
            case FLOAT -> Float.floatToRawIntBits((float) value);
            default -> Double.doubleToRawLongBits(value);
        };
    }

    @Test
    void compareAndSwap() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(8, 8);
            for (Primitive type : List.of(Primitive.INT, Primitive.LONG)) {
                AtomicReduction.store(type, memory, 0, -1);
                assertEquals(-1, AtomicReduction.compareAndSwap(type, memory, 0, 4, 5));
                assertEquals(-1, AtomicReduction.load(type, memory, 0));
                assertEquals(-1, AtomicReduction.compareAndSwap(type, memory, 0, -1, 5));
                assertEquals(5, AtomicReduction.load(type, memory, 0));
            }
        }
    }

    @Test
    void handlesAlignedNumbersOfFourAndEightBytes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(16, 8);
            assertTrue(AtomicReduction.handles(TypeMap.of(Primitive.INT), memory, 4));
            assertFalse(AtomicReduction.handles(TypeMap.of(Primitive.LONG), memory, 4));
            assertFalse(AtomicReduction.handles(TypeMap.of(Primitive.SHORT), memory, 0));
            assertFalse(AtomicReduction.handles(TypeMap.FLOAT_COMPLEX, memory, 0));
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void losesNothing() {
        int rounds = 20_000;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(32, 8);
            IntStream.range(0, 4).parallel().forEach(thread -> {
                for (int i = 0; i < rounds; i++) {
                    for (Primitive type : TYPES) {
                        AtomicReduction.fetch(PredefinedOp.SUM, type, memory, 8L * TYPES.indexOf(type), bits(type, 1));
                    }
                }
            });
            for (Primitive type : TYPES) {
                assertEquals(bits(type, 4 * rounds), AtomicReduction.load(type, memory, 8L * TYPES.indexOf(type)),
                        type.toString());
            }
        }
    }
}
