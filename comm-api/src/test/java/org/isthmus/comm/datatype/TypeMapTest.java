package org.isthmus.comm.datatype;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TypeMapTest {
    private static final TypeMap INT = TypeMap.of(Primitive.INT);
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);

    private static void assertBounds(TypeMap type, long size, long low, long extent, long trueLow, long trueExtent) {
        assertEquals("size " + size + " lb " + low + " extent " + extent + " true " + trueLow + "+" + trueExtent,
                "size " + type.size() + " lb " + type.lowerBound() + " extent " + type.extent() + " true "
                        + type.trueLowerBound() + "+" + type.trueExtent());
    }

    @Test
    void predefinedTypesAreLaidOutAsInC() {
        assertBounds(TypeMap.of(Primitive.CHAR), 2, 0, 2, 0, 2);
        assertBounds(TypeMap.FLOAT_COMPLEX, 8, 0, 8, 0, 8);
        assertBounds(TypeMap.DOUBLE_COMPLEX, 16, 0, 16, 0, 16);
        assertBounds(TypeMap.INT2, 8, 0, 8, 0, 8);
        assertBounds(TypeMap.SHORT_INT, 6, 0, 8, 0, 8);
        assertBounds(TypeMap.LONG_INT, 12, 0, 16, 0, 12);
        assertBounds(TypeMap.FLOAT_INT, 8, 0, 8, 0, 8);
        assertBounds(TypeMap.DOUBLE_INT, 12, 0, 16, 0, 12);
        assertTrue(TypeMap.INT2.isContiguous());
        assertFalse(TypeMap.DOUBLE_INT.isContiguous());
    }

    @Test
    void boundsOfDerivedTypes() {
        assertBounds(DerivedTypes.contiguous(3, INT), 12, 0, 12, 0, 12);
        assertBounds(DerivedTypes.vector(3, 2, 4, INT), 24, 0, 40, 0, 40);
        assertBounds(DerivedTypes.vector(2, 1, -3, INT), 8, -12, 16, -12, 16);
        assertBounds(DerivedTypes.indexed(new int[] {1, 2}, new int[] {5, 1}, INT), 12, 4, 20, 4, 20);
        assertBounds(DerivedTypes.contiguous(0, INT), 0, 0, 0, 0, 0);
        assertBounds(DerivedTypes.resized(INT, -4, 16), 4, -4, 16, 0, 4);
        assertBounds(DerivedTypes.contiguous(2, DerivedTypes.resized(INT, -4, 16)), 8, -4, 32, 0, 20);
    }

    @Test
    void theExtentOfAStructIsRoundedUpToItsAlignment() {
        TypeMap[] types = {TypeMap.of(Primitive.DOUBLE), BYTE};
        assertBounds(DerivedTypes.struct(new int[] {1, 1}, new int[] {0, 8}, types), 9, 0, 16, 0, 9);
        types[0] = DerivedTypes.resized(types[0], 0, 9);
        assertBounds(DerivedTypes.struct(new int[] {1, 1}, new int[] {0, 8}, types), 9, 0, 9, 0, 9);
    }

    @Test
    void boundsSetByHandOverrideThoseOfOtherParts() {
        TypeMap eight = DerivedTypes.resized(INT, 0, 8);
        TypeMap[] mixed = {INT, eight};
        assertBounds(DerivedTypes.struct(new int[] {1, 2}, new int[] {20, 4}, mixed), 12, 4, 16, 4, 20);
        TypeMap low = DerivedTypes.resized(DerivedTypes.contiguous(0, INT), -12, 4);
        assertBounds(DerivedTypes.struct(new int[] {1, 1}, new int[] {0, 0}, new TypeMap[] {low, eight}), 4, -12, 20,
                0, 4);
    }

    @Test
    void partsWithoutDataHaveNoBounds() {
        TypeMap nothing = DerivedTypes.contiguous(0, INT);
        TypeMap[] types = {nothing, INT, nothing};
        assertBounds(DerivedTypes.struct(new int[] {1, 1, 1}, new int[] {0, 8, 40}, types), 4, 8, 4, 8, 4);
        assertBounds(DerivedTypes.hindexed(new int[] {1, 1}, new int[] {0, 40}, nothing), 0, 0, 0, 0, 0);
        assertBounds(DerivedTypes.hvector(2, 1, 40, nothing), 0, 0, 0, 0, 0);
    }

    @Test
    void gapFreeTypesAreContiguousHoweverMade() {
        assertTrue(DerivedTypes.vector(4, 2, 2, INT).isContiguous());
        assertTrue(DerivedTypes.indexed(new int[] {2, 3}, new int[] {0, 2}, INT).isContiguous());
        assertTrue(DerivedTypes.contiguous(0, INT).isContiguous());
        assertFalse(DerivedTypes.indexed(new int[] {3, 2}, new int[] {2, 0}, INT).isContiguous());
        assertFalse(DerivedTypes.vector(4, 1, 2, INT).isContiguous());
        assertFalse(DerivedTypes.resized(INT, 0, 8).isContiguous());
    }

    @Test
    void aLongVectorIsOneBlockAndACount() {
        TypeMap column = DerivedTypes.vector(1_000_000, 1, 1000, INT);
        assertEquals(1, column.layout.offsets.length);
        assertEquals(1_000_000, column.layout.repeats);
        TypeMap columns = DerivedTypes.contiguous(3, DerivedTypes.resized(column, 0, 4000L * 1_000_000));
        assertEquals(1, columns.layout.offsets.length);
        assertEquals(3_000_000, columns.layout.repeats);
    }

    @Test
    void countsBasicElements() {
        assertEquals(3, INT.elementCount(12));
        assertEquals(-1, INT.elementCount(13));
        assertEquals(0, INT.elementCount(0));
        assertEquals(3, TypeMap.DOUBLE_INT.elementCount(20));
        assertEquals(-1, TypeMap.DOUBLE_INT.elementCount(18));
        assertEquals(2, TypeMap.FLOAT_COMPLEX.elementCount(16));
        TypeMap pairs = DerivedTypes.contiguous(5, DerivedTypes.struct(new int[] {2, 1}, new int[] {0, 4},
                new TypeMap[] {BYTE, INT}));
        assertEquals(15, pairs.elementCount(30));
        assertEquals(17, pairs.elementCount(32));
        assertEquals(-1, pairs.elementCount(33));
        for (long n = 0; n < 40; n++) {
            assertEquals(n, pairs.elementCount(pairs.elementBytes(n)));
        }
        assertEquals(-1, DerivedTypes.contiguous(0, INT).elementCount(4));
    }

    @Test
    void knowsWhetherArraysCanBeCopiedByElements() {
        assertTrue(DerivedTypes.hvector(3, 1, 8, INT).isElementAligned());
        assertFalse(DerivedTypes.hvector(3, 1, 6, INT).isElementAligned());
        assertFalse(DerivedTypes.resized(INT, 0, 6).isElementAligned());
    }
}
