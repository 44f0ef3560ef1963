package org.isthmus.allocator.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class SharedWordsTest {
    private static final long AT = 24;

    private final MemorySegment memory = Arena.global().allocate(64, 64);
    private final SharedWords words = new SharedWords(memory);

    private long stored() {
        return memory.get(ValueLayout.JAVA_LONG, AT);
    }

    @Test
    void loadsAreOfTheirOffsetAlone() {
        memory.fill((byte) -1);
        memory.set(ValueLayout.JAVA_LONG, AT, 0x1122334455667788L);
        for (LongUnaryOperator load : List.<LongUnaryOperator>of(words::get, words::getOpaque, words::getAcquire,
                words::getVolatile)) {
            assertEquals(0x1122334455667788L, load.applyAsLong(AT));
            assertEquals(-1, load.applyAsLong(AT - 8));
            assertEquals(-1, load.applyAsLong(AT + 8));
        }
        for (LongUnaryOperator load : List.<LongUnaryOperator>of(words::getInt, words::getIntOpaque,
                words::getIntAcquire, words::getIntVolatile)) {
            assertEquals(0x55667788, load.applyAsLong(AT));
            assertEquals(0x11223344, load.applyAsLong(AT + 4));
        }
    }

    @Test
    void storesAreOfTheirOffsetAlone() {
        words.set(AT, 1);
        assertEquals(1, stored());
        words.setOpaque(AT, 2);
        assertEquals(2, stored());
        words.setRelease(AT, 3);
        assertEquals(3, stored());
        words.setInt(AT + 4, 4);
        assertEquals(4L << 32 | 3, stored());
        words.setIntRelease(AT + 4, 5);
        assertEquals(5L << 32 | 3, stored());
        words.setIntVolatile(AT + 4, 6);
        assertEquals(6L << 32 | 3, stored());
        memory.set(ValueLayout.JAVA_LONG, AT, 0);
        assertEquals(-1, memory.mismatch(Arena.global().allocate(64)));
    }

    @Test
    void exchanges() {
        words.set(AT, 10);
        assertFalse(words.compareAndSet(AT, 9, 11));
        assertTrue(words.compareAndSet(AT, 10, 11));
        assertEquals(11, words.getAndAdd(AT, -5));
        assertEquals(6, words.getAndSet(AT, -1));
        assertEquals(-1, stored());
        assertFalse(words.compareAndSetInt(AT, 0, 7));
        assertTrue(words.compareAndSetInt(AT, -1, 7));
        assertEquals(7, words.getAndAddInt(AT, 3));
        assertEquals(0xffffffffL << 32 | 10, stored());
    }

    @Test
    void aWordAcrossItsSizeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> words.getAcquire(AT + 4));
        assertThrows(IllegalArgumentException.class, () -> words.setInt(AT + 2, 1));
    }

    @Test
    void assertionsKnowTheBounds() {
        assertEquals(0, words.getInt(60));
        assertThrows(AssertionError.class, () -> words.getInt(64));
        assertThrows(AssertionError.class, () -> words.set(64, 1));
        assertThrows(AssertionError.class, () -> words.get(-8));
    }

    @Test
    void arraysAreRefused() {
        MemorySegment array = MemorySegment.ofArray(new long[8]);
        assertThrows(IllegalArgumentException.class, () -> new SharedWords(array));
    }
}
