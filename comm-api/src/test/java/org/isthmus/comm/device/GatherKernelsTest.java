package org.isthmus.comm.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.stream.Stream;
import org.isthmus.comm.datatype.DerivedTypes;
import org.isthmus.comm.datatype.PackedLayout;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The text of the kernels, run statement by statement, moves what {@link Packer} moves. */
class GatherKernelsTest {
    private static final int TABLE = 0;
    private static final int PACKED = 4096;
    private static final int BUFFER = 65536;
    private static final int MEMORY = 262144;

    static Stream<TypeMap> types() {
        TypeMap longs = TypeMap.of(Primitive.LONG);
        TypeMap ints = TypeMap.of(Primitive.INT);
        TypeMap chars = TypeMap.of(Primitive.CHAR);
        TypeMap bytes = TypeMap.of(Primitive.BYTE);
        TypeMap list = DerivedTypes.indexed(new int[] {3, 1, 4, 1}, new int[] {20, 0, 7, 15}, chars);
        return Stream.of(DerivedTypes.vector(20, 1, 3, longs), DerivedTypes.vector(30, 2, 5, ints), list,
                DerivedTypes.vector(5, 2, 60, list), DerivedTypes.vector(7, 3, 4, bytes),
                DerivedTypes.vector(6, 1, -3, ints),
                DerivedTypes.resized(DerivedTypes.vector(3, 1, 2, ints), 0, 60));
    }

    @ParameterizedTest
    @MethodSource("types")
    void moveWhatPackerMoves(TypeMap type) {
        int count = 5;
        int origin = 800; // of the first element, in the buffer
        long all = count * type.size();
        for (int shift = 0; 1 << shift <= PackedLayout.of(type).alignment(); shift++) {
            long position = all / 3 >> shift << shift;
            long length = all - position - (1L << shift);
            byte[] memory = new byte[MEMORY];
            new Random(shift).nextBytes(memory);
            byte[] expected = memory.clone();
            MemorySegment.copy(MemorySegment.ofArray(table(type)), 0, MemorySegment.ofArray(memory), TABLE,
                    16L * PackedLayout.of(type).starts().length);
            System.arraycopy(memory, TABLE, expected, TABLE, PACKED);
            Packer.pack(MemorySegment.ofArray(expected), BUFFER + origin, count, type, position,
                    MemorySegment.ofArray(expected), PACKED, length);
            run(memory, true, shift, type, origin, position, length);
            assertArrayEquals(expected, memory, "gathered in units of " + (1 << shift));

            byte[] other = new byte[(int) length];
            new Random(99).nextBytes(other);
            System.arraycopy(other, 0, memory, PACKED, other.length);
            System.arraycopy(memory, 0, expected, 0, MEMORY);
            Packer.unpack(MemorySegment.ofArray(other), 0, MemorySegment.ofArray(expected), BUFFER + origin, count,
                    type, position, length);
            run(memory, false, shift, type, origin, position, length);
            assertArrayEquals(expected, memory, "scattered in units of " + (1 << shift));
        }
    }

    private static long[] table(TypeMap type) {
        PackedLayout layout = PackedLayout.of(type);
        long[] table = new long[2 * layout.starts().length];
        for (int i = 0; i < layout.starts().length; i++) {
            table[2 * i] = layout.starts()[i];
            table[2 * i + 1] = layout.offsets()[i];
        }
        return table;
    }

    private static void run(byte[] memory, boolean gather, int shift, TypeMap type, int origin, long position,
            long length) {
        PackedLayout layout = PackedLayout.of(type);
        long[] parameters = {PACKED, BUFFER + origin, TABLE, layout.starts().length, layout.tileBytes(),
            layout.stride(), layout.elementBytes(), layout.extent(), position, length >> shift};
        new PtxInterpreter(GatherKernels.text(), GatherKernels.name(gather, shift), memory).run(parameters, 3, 8);
    }
}
