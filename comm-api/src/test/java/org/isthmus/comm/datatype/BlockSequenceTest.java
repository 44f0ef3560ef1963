package org.isthmus.comm.datatype;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockSequenceTest {
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);
    private static final TypeMap INT = TypeMap.of(Primitive.INT);

    /** Offsets of the first bytes of the stream, by repeating the type as its constructors define it. */
    private static List<Long> offsets(long origin, int[] lengths, int[] starts, int extent, int elements) {
        List<Long> offsets = new ArrayList<>();
        for (int element = 0; element < elements; element++) {
            for (int block = 0; block < lengths.length; block++) {
                for (int i = 0; i < lengths[block]; i++) {
                    offsets.add(origin + (long) element * extent + starts[block] + i);
                }
            }
        }
        return offsets;
    }

    private static void check(BlockSequence blocks, List<Long> offsets) {
        for (int position = 0; position < offsets.size(); position++) {
            assertEquals(offsets.get(position), blocks.offsetOf(position), "position " + position);
        }
        for (long offset = 0; offset < offsets.getLast(); offset++) {
            long limit = offset;
            assertEquals(offsets.stream().filter(at -> at < limit).count(), blocks.positionBelow(offset),
                    "offset " + offset);
        }
        for (int from = 0; from < offsets.size(); from += 3) {
            BlockSequence.Cursor cursor = blocks.new Cursor(from);
            for (int at = from; at < offsets.size(); at++) {
                assertEquals(offsets.get(at), cursor.offset());
                assertTrue(cursor.length() > 0);
                cursor.advance(1);
            }
        }
    }

    @Test
    void blocksAreWhereTheTypeHasThem() {
        Random random = new Random(5);
        for (int round = 0; round < 30; round++) {
            int blocks = 1 + random.nextInt(5);
            int[] lengths = new int[blocks];
            int[] starts = new int[blocks];
            int end = random.nextInt(4);
            for (int i = 0; i < blocks; i++) {
                starts[i] = end + random.nextInt(4);
                lengths[i] = 1 + random.nextInt(5);
                end = starts[i] + lengths[i];
            }
            int extent = end + random.nextInt(4);
            TypeMap type = DerivedTypes.resized(DerivedTypes.hindexed(lengths, starts, BYTE), 0, extent);
            BlockSequence sequence = new BlockSequence(11, type);
            assertTrue(sequence.isMonotone());
            List<Long> offsets = offsets(11, lengths, starts, extent, 8);
            check(sequence, offsets);
            check(BlockSequence.decode(sequence.encode()), offsets);
        }
    }

    @Test
    void vectorsAreOneRun() {
        TypeMap vector = DerivedTypes.resized(DerivedTypes.hvector(4, 3, 10, BYTE), 0, 40);
        BlockSequence oneRun = new BlockSequence(0, vector);
        assertEquals(3, oneRun.element().size(), "a vector whose extent goes on in its stride is a block that repeats");
        check(oneRun, offsets(0, new int[] {3}, new int[] {0}, 10, 20));
        BlockSequence twoLevels = new BlockSequence(0, DerivedTypes.hvector(4, 3, 10, BYTE));
        check(twoLevels, offsets(0, new int[] {3, 3, 3, 3}, new int[] {0, 10, 20, 30}, 33, 5));
        check(BlockSequence.decode(twoLevels.encode()),
                offsets(0, new int[] {3, 3, 3, 3}, new int[] {0, 10, 20, 30}, 33, 5));
    }

    @Test
    void properties() {
        BlockSequence bytes = new BlockSequence(7, BYTE);
        assertTrue(bytes.isContiguous());
        assertEquals(100, bytes.offsetOf(93));
        BlockSequence quarter = new BlockSequence(8, DerivedTypes.resized(INT, 0, 16));
        assertFalse(quarter.isContiguous());
        assertEquals(0.25, quarter.density());
        assertEquals(4, quarter.meanBlock());
        assertEquals(4, quarter.granularity());
        assertEquals(8 + 16 * 2 + 4, quarter.endOf(4, 8));
        BlockSequence overlapping = new BlockSequence(0, DerivedTypes.resized(DerivedTypes.vector(5, 1, 8, INT), 0, 4));
        assertFalse(overlapping.isMonotone());
        assertTrue(overlapping.isOrderedInElement());
        assertFalse(new BlockSequence(0, DerivedTypes.indexed(new int[] {1, 1}, new int[] {3, 0}, INT))
                .isOrderedInElement());
        BlockSequence empty = new BlockSequence(0, DerivedTypes.contiguous(0, INT));
        assertTrue(empty.isEmpty() && empty.isMonotone());
        assertEquals(0, empty.positionBelow(1000));
    }
}
