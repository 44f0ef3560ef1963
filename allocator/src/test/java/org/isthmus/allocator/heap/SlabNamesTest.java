package org.isthmus.allocator.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;
import org.junit.jupiter.api.Test;

class SlabNamesTest {
    private static final int SUPERPAGES = 300;

    private final SlabNames names = new SlabNames();

    private boolean isOf(long handle) {
        return SlabNames.isOf(handle, names.at(handle));
    }

    @Test
    void everyBlockOfASlabIsOfIt() {
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            names.add(c, 0, c);
            for (int index = 0; index < SizeClasses.capacity(c); index++) {
                long handle = Handle.of(Handle.id(c, 0, index), c, index << 20);
                assertTrue(isOf(handle), Handle.describe(handle));
            }
        }
    }

    @Test
    void handlesThatAreLetThroughHaveAStateWordInTheSlab() {
        for (int c = 0; c < SizeClasses.COUNT; c++) {
            names.add(c, 0, c);
            long first = Handle.of(Handle.id(c, 0, 0), c, 0);
            for (int index = 0; index <= Handle.INDEX_MASK; index++) {
                long handle = Handle.of(Handle.id(c, 0, index), c, 0);
                assertTrue(isOf(handle));
                assertTrue(HeapLayout.stateOf(handle) - HeapLayout.stateOf(first) < HeapLayout.STATE_PAGE,
                        Handle.describe(handle));
            }
        }
    }

    @Test
    void aHandleWithAnyOtherBitIsNot() {
        names.add(5, 8, 30);
        long handle = Handle.of(Handle.id(5, 8, 3), 30, 77 << 20);
        assertTrue(isOf(handle));
        for (int bit = Handle.SLICE_SHIFT; bit < 52; bit++) {
            assertFalse(isOf(handle ^ 1L << bit), "bit " + bit);
        }
        names.remove(5, 8);
        assertFalse(isOf(handle));
    }

    @Test
    void whereNoSlabBeginsNoHandleIsOfIt() {
        for (int bit = 0; bit < Long.SIZE; bit++) {
            assertFalse(isOf(1L << bit));
            assertFalse(isOf(~(1L << bit)));
        }
        assertFalse(isOf(Handle.NONE));
        assertFalse(isOf(-1));
    }

    @Test
    void slabsAnywhereInALargeAreaAreToldApart() {
        Random random = new Random(5);
        List<Long> slabs = new ArrayList<>();
        for (int superpage = 0; superpage < SUPERPAGES; superpage++) {
            int at = superpage * 211 % Handle.MAX_SUPERPAGES;
            int slice = random.nextInt(SizeClasses.SLICES);
            names.add(at, slice, random.nextInt(8));
            slabs.add(Handle.sliceOfArea((long) Handle.id(at, slice, 0)));
        }
        for (int i = 0; i < slabs.size(); i += 2) {
            names.remove((int) (slabs.get(i) / SizeClasses.SLICES), (int) (slabs.get(i) % SizeClasses.SLICES));
        }
        for (int i = 0; i < slabs.size(); i++) {
            long handle = slabs.get(i) << Handle.SLICE_SHIFT;
            long classes = 0;
            for (int c = 0; c < 8; c++) {
                classes += isOf(handle | (c + 1L) << 44) ? 1 : 0;
            }
            assertEquals(i % 2, classes);
        }
    }
}
