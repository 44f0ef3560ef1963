package org.isthmus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.isthmus.comm.datatype.DerivedTypes;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LargeCountTest {
    @ParameterizedTest
    @CsvSource({"0, 1, 4", "1, 4, 4", "5000000000, 1, 8", "3000000000, 16, 1", "70000001, 3, 8", "4, 2, 1000000000"})
    void piecesFollowEachOtherAndAreShort(long count, int blocks, int elementBytes) {
        TypeMap type = DerivedTypes.contiguous(elementBytes, TypeMap.of(Primitive.BYTE));
        List<long[]> pieces = new ArrayList<>();
        LargeCount.pieces(count, type, blocks, (first, length) -> pieces.add(new long[] {first, length}));
        long next = 0;
        for (long[] piece : pieces) {
            assertEquals(next, piece[0]);
            assertTrue(piece[1] * elementBytes * blocks <= 1 << 28 || piece[1] == 1, "piece of " + piece[1]);
            next += piece[1];
        }
        assertEquals(count, next);
    }

    @Test
    void typesCountBeyondAnInt() {
        TypeMap type = DerivedTypes.contiguous(5_000_000_000L, TypeMap.of(Primitive.DOUBLE));
        assertEquals(40_000_000_000L, type.size());
        assertEquals(40_000_000_000L, type.extent());
        assertTrue(type.isContiguous());
        assertEquals(3_000_000_000L, type.elementCount(24_000_000_000L));
        TypeMap pieces =
                DerivedTypes.resized(DerivedTypes.contiguous(3, TypeMap.of(Primitive.INT)), 0, 20_000_000_000L);
        assertEquals(20_000_000_000L, pieces.extent());
        assertEquals(12, pieces.trueExtent());
    }
}
