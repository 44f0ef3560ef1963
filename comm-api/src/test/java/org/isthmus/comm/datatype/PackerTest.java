package org.isthmus.comm.datatype;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.isthmus.comm.buffer.BufferCopy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random type maps against a packer that knows nothing but a list of byte offsets. */
class PackerTest {
    /** A type map and, independently made, the offset of each of its bytes in packing order and its bounds. */
    private record Case(TypeMap type, List<Long> bytes, long low, long extent) {
        static Case primitive(Primitive p) {
            List<Long> bytes = new ArrayList<>();
            for (long i = 0; i < p.bytes(); i++) {
                bytes.add(i);
            }
            return new Case(TypeMap.of(p), bytes, 0, p.bytes());
        }

        /** The bytes of {@code blocks} copies at each displacement. */
        static List<Long> place(Case old, int[] lengths, long[] displacements) {
            List<Long> bytes = new ArrayList<>();
            for (int i = 0; i < lengths.length; i++) {
                for (int k = 0; k < lengths[i]; k++) {
                    for (long b : old.bytes) {
                        bytes.add(displacements[i] + k * old.extent + b);
                    }
                }
            }
            return bytes;
        }
    }

    private static Case derive(Random random, Case old) {
        int count = random.nextInt(4);
        int block = random.nextInt(4);
        int[] lengths = new int[count];
        long[] places = new long[count];
        int unit = old.type.base().bytes();
        switch (random.nextInt(6)) {
            case 0 -> {
                return derived(DerivedTypes.contiguous(count, old.type),
                        Case.place(old, new int[] {count}, new long[] {0}));
            }
            case 1 -> {
                int stride = random.nextInt(9) - 3;
                for (int i = 0; i < count; i++) {
                    lengths[i] = block;
                    places[i] = i * stride * old.extent;
                }
                return derived(DerivedTypes.vector(count, block, stride, old.type), Case.place(old, lengths, places));
            }
            case 2 -> {
                int stride = unit * (random.nextInt(40) - 10);
                for (int i = 0; i < count; i++) {
                    lengths[i] = block;
                    places[i] = (long) i * stride;
                }
                return derived(DerivedTypes.hvector(count, block, stride, old.type), Case.place(old, lengths, places));
            }
            case 3 -> {
                int[] displacements = new int[count];
                for (int i = 0; i < count; i++) {
                    lengths[i] = random.nextInt(4);
                    displacements[i] = random.nextInt(12) - 3;
                    places[i] = displacements[i] * old.extent;
                }
                return derived(DerivedTypes.indexed(lengths, displacements, old.type),
                        Case.place(old, lengths, places));
            }
            case 4 -> {
                int[] displacements = new int[count];
                for (int i = 0; i < count; i++) {
                    lengths[i] = random.nextInt(4);
                    displacements[i] = unit * (random.nextInt(60) - 10);
                    places[i] = displacements[i];
                }
                return derived(DerivedTypes.hindexed(lengths, displacements, old.type),
                        Case.place(old, lengths, places));
            }
            default -> {
                long low = unit * (random.nextInt(5) - 2L);
                long extent = unit * random.nextLong(30);
                return new Case(DerivedTypes.resized(old.type, low, extent), old.bytes, low, extent);
            }
        }
    }

    /** Bounds are taken from the type: {@link TypeMapTest} has those. */
    private static Case derived(TypeMap type, List<Long> bytes) {
        return new Case(type, bytes, type.lowerBound(), type.extent());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void packsAndUnpacksAnySliceOfAnyType(int seed) {
        Random random = new Random(seed);
        Primitive[] primitives = Primitive.values();
        for (int round = 0; round < 400; round++) {
            Case c = Case.primitive(primitives[random.nextInt(primitives.length)]);
            for (int depth = random.nextInt(4); depth > 0 && c.bytes.size() < 300; depth--) {
                c = derive(random, c);
            }
            check(random, c, random.nextInt(4), round % 2 == 0);
        }
    }

    private static void check(Random random, Case c, int count, boolean array) {
        assertEquals(c.bytes.size(), c.type.size());
        int unit = c.type.base().bytes();
        long[] stream = new long[count * c.bytes.size()];
        long low = 0;
        long high = 0;
        for (int i = 0; i < stream.length; i++) {
            stream[i] = i / c.bytes.size() * c.extent + c.bytes.get(i % c.bytes.size());
            low = Math.min(low, stream[i]);
            high = Math.max(high, stream[i] + 1);
        }
        long origin = Math.ceilDiv(-low, unit) * (long) unit + unit;
        int length = Math.ceilDiv((int) (origin + high), unit) + 1;
        byte[] content = new byte[length * unit];
        for (int i = 0; i < content.length; i++) {
            content[i] = c.type.base() == Primitive.BOOLEAN ? (byte) random.nextInt(2) : (byte) random.nextInt();
        }
        byte[] packed = new byte[stream.length];
        for (int i = 0; i < stream.length; i++) {
            packed[i] = content[(int) (origin + stream[i])];
        }

        Object base = base(c.type, array, content);
        int from = stream.length == 0 ? 0 : random.nextInt(stream.length / unit + 1) * unit;
        int to = from + (stream.length == from ? 0 : random.nextInt((stream.length - from) / unit + 1) * unit);
        byte[] slice = new byte[to - from + 2];
        Packer.pack(base, origin, count, c.type, from, MemorySegment.ofArray(slice), 1, to - from);
        byte[] wanted = new byte[slice.length];
        System.arraycopy(packed, from, wanted, 1, to - from);
        assertArrayEquals(wanted, slice);

        // Overlapping parts of a type hold the last byte written.
        byte[] target = new byte[content.length];
        Object targetBase = base(c.type, array, target);
        Packer.unpack(MemorySegment.ofArray(packed), from, targetBase, origin, count, c.type, from, to - from);
        byte[] expected = new byte[content.length];
        for (int i = from; i < to; i++) {
            expected[(int) (origin + stream[i])] = packed[i];
        }
        assertArrayEquals(expected, contentOf(targetBase, content.length));
    }

    private static Object base(TypeMap type, boolean array, byte[] content) {
        if (!array || !type.isElementAligned()) {
            return MemorySegment.ofArray(content.clone());
        }
        Object base = type.base().newArray(content.length / type.base().bytes());
        BufferCopy.fromSegment(MemorySegment.ofArray(content), 0, base, 0, content.length);
        return base;
    }

    private static byte[] contentOf(Object base, int length) {
        byte[] content = new byte[length];
        BufferCopy.toSegment(base, 0, MemorySegment.ofArray(content), 0, length);
        return content;
    }

    @Test
    void structsOfDifferentTypesArePackedInOrder() {
        TypeMap type = DerivedTypes.struct(new int[] {1, 2}, new int[] {8, 0},
                new TypeMap[] {TypeMap.of(Primitive.DOUBLE), TypeMap.of(Primitive.SHORT)});
        byte[] user = new byte[32];
        for (int i = 0; i < user.length; i++) {
            user[i] = (byte) i;
        }
        byte[] packed = new byte[24];
        Packer.pack(user, 0, 2, type, 0, MemorySegment.ofArray(packed), 0, 24);
        assertArrayEquals(new byte[] {8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 24, 25, 26, 27, 28, 29, 30, 31, 16, 17,
            18, 19}, packed);
    }
}
