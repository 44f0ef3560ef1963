package org.isthmus.allocator.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HandleTest {
    @Test
    void fieldsLieWhereTheDiagramSays() {
        int state = StateWord.of(0xabc, StateWord.LIVE, 7);
        int id = Handle.id(0x1234, 24, 5);
        assertEquals(0xabc1_0007, state);
        assertEquals(0x1234 << 15 | 24 << 10 | 5, id);
        long handle = Handle.of(id, 30, state);
        assertEquals(0xabcL << 52 | 31L << 44 | id, handle);
        assertEquals(0xabc, Handle.generation(handle));
        assertEquals(30, Handle.sizeClass(handle));
        assertEquals(id, Handle.id(handle));
        assertEquals(0x1234, Handle.superpage(id));
        assertEquals(24, Handle.slice(id));
        assertEquals(5, Handle.index(id));
    }

    @Test
    void theLastSuperpageStillFits() {
        int id = Handle.id(Handle.MAX_SUPERPAGES - 1, 31, 1023);
        assertEquals(Integer.MAX_VALUE, id);
        assertEquals(id, Handle.id(Handle.of(id, 0, -1)));
    }

    @Test
    void bitsThatMeanNothingLieBeyondEverySlice() {
        long handle = Handle.of(Handle.id(5, 3, 1023), 8, -1);
        assertEquals(5 * 32 + 3, Handle.sliceOfArea(handle));
        for (int bit = 31; bit < 44; bit++) {
            assertTrue(Handle.sliceOfArea(handle | 1L << bit) >= (long) Handle.MAX_SUPERPAGES * SizeClasses.SLICES);
        }
    }

    @Test
    void everyFieldOutOfRangeIsSeen() {
        int mid = SizeClasses.of(4096);
        assertTrue(Handle.isWellFormed(Handle.of(Handle.id(3, 8, 127), mid, 0), 4));
        assertFalse(Handle.isWellFormed(Handle.of(Handle.id(4, 8, 127), mid, 0), 4), "superpage");
        assertFalse(Handle.isWellFormed(Handle.of(Handle.id(3, 9, 127), mid, 0), 4), "slice");
        assertFalse(Handle.isWellFormed(Handle.of(Handle.id(3, 8, 128), mid, 0), 4), "index");
        assertFalse(Handle.isWellFormed(Handle.of(0, SizeClasses.BIG + 1, 0), 4), "class");
        assertFalse(Handle.isWellFormed(Handle.NONE, 4), "none");
        assertFalse(Handle.isWellFormed(Handle.of(0, 0, 0) | 1L << 43, 4), "unused bits");
    }

    @Test
    void aStateWordsLifeGoesOnAndWraps() {
        int live = StateWord.of(1, StateWord.LIVE, 9);
        assertEquals(StateWord.of(1, StateWord.RETURNED, 9), StateWord.withStatus(live, StateWord.RETURNED));
        assertEquals(StateWord.of(1, StateWord.FREE, 0), StateWord.freed(live));
        assertEquals(Handle.of(77, 3, live), Handle.next(Handle.of(77, 3, 0)));
        assertEquals(Handle.of(77, 3, 0), Handle.next(Handle.of(77, 3, StateWord.of(4095, StateWord.FREE, 0))));
        assertEquals(4095, StateWord.generation(StateWord.of(4095, StateWord.LIVE, 0xffff)));
        assertEquals(0xffff, StateWord.holder(StateWord.of(4095, StateWord.LIVE, 0xffff)));
    }
}
