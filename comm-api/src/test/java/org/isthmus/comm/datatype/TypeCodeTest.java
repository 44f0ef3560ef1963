package org.isthmus.comm.datatype;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.isthmus.comm.error.CommException;
import org.junit.jupiter.api.Test;

/** Datatypes that were described to another process, and the runs that they consist of. */
class TypeCodeTest {
    private static final TypeMap INT = TypeMap.of(Primitive.INT);

    private static List<TypeMap> derived() {
        TypeMap vector = DerivedTypes.vector(3, 2, 5, INT);
        return List.of(vector, DerivedTypes.contiguous(4, vector), DerivedTypes.resized(vector, -4, 100),
                DerivedTypes.vector(4, 1, 3, vector),
                DerivedTypes.indexed(new int[] {2, 0, 3}, new int[] {7, 1, 0}, INT),
                DerivedTypes.struct(new int[] {1, 2}, new int[] {0, 8}, new TypeMap[] {INT, TypeMap.DOUBLE_INT}),
                DerivedTypes.contiguous(0, INT));
    }

    @Test
    void predefinedTypesComeBackAsThemselves() {
        for (TypeMap type : List.of(INT, TypeMap.of(Primitive.BOOLEAN), TypeMap.FLOAT_COMPLEX, TypeMap.DOUBLE_COMPLEX,
                TypeMap.INT2, TypeMap.SHORT_INT, TypeMap.LONG_INT, TypeMap.FLOAT_INT, TypeMap.DOUBLE_INT)) {
            assertSame(type, TypeCode.decode(TypeCode.encode(type)));
        }
        assertArrayEquals(new byte[] {0, 4}, TypeCode.encode(INT));
    }

    @Test
    void derivedTypesComeBackEqual() {
        for (TypeMap type : derived()) {
            TypeMap copy = TypeCode.decode(TypeCode.encode(type));
            assertEquals(type.size(), copy.size());
            assertEquals(type.extent(), copy.extent());
            assertEquals(type.lowerBound(), copy.lowerBound());
            assertEquals(type.trueLowerBound(), copy.trueLowerBound());
            assertEquals(type.trueExtent(), copy.trueExtent());
            assertEquals(type.base(), copy.base());
            assertSame(type.element(), copy.element());
            assertEquals(runs(type, 0, 3 * type.size()), runs(copy, 0, 3 * type.size()));
        }
    }

    @Test
    void runsAreWhatPackerCopies() {
        for (TypeMap type : derived()) {
            byte[] memory = new byte[4000];
            for (int i = 0; i < memory.length; i++) {
                memory[i] = (byte) (i * 7);
            }
            long length = 2 * type.size();
            for (long position = 0; position < length; position += 3) {
                byte[] packed = new byte[(int) (length - position)];
                MemorySegment bytes = MemorySegment.ofArray(memory);
                Packer.pack(bytes, 100, 2, type, position, MemorySegment.ofArray(packed), 0, packed.length);
                byte[] collected = new byte[0];
                Runs runs = new Runs(type, position, packed.length);
                while (runs.next()) {
                    int at = collected.length;
                    collected = Arrays.copyOf(collected, at + (int) runs.length());
                    System.arraycopy(memory, (int) (100 + runs.offset()), collected, at, (int) runs.length());
                }
                assertArrayEquals(packed, collected);
            }
        }
    }

    private static String runs(TypeMap type, long position, long length) {
        StringBuilder text = new StringBuilder();
        Runs runs = new Runs(type, position, length);
        while (runs.next()) {
            text.append(runs.offset()).append('+').append(runs.length()).append(' ');
        }
        return text.toString();
    }

    @Test
    void elements() {
        assertSame(INT, DerivedTypes.contiguous(2, DerivedTypes.vector(3, 2, 5, INT)).element());
        assertSame(TypeMap.FLOAT_COMPLEX, DerivedTypes.contiguous(2, TypeMap.FLOAT_COMPLEX).element());
        assertNull(DerivedTypes.struct(new int[] {1, 1}, new int[] {0, 8},
                new TypeMap[] {INT, TypeMap.of(Primitive.DOUBLE)}).element());
    }

    @Test
    void damagedDescriptionsAreRefused() {
        byte[] code = TypeCode.encode(DerivedTypes.vector(3, 2, 5, INT));
        assertThrows(CommException.class, () -> TypeCode.decode(new byte[] {77, 0}));
        assertThrows(CommException.class, () -> TypeCode.decode(Arrays.copyOf(code, code.length - 1)));
        code[53] = 99;
        assertThrows(CommException.class, () -> TypeCode.decode(code));
    }
}
