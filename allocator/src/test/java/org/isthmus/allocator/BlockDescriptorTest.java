package org.isthmus.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class BlockDescriptorTest {
    private static final long BLOCK = 64;

    private final MemorySegment memory = Arena.ofAuto().allocate(192, 64);

    @Test
    void stateWordIsTheFirstOfThePrefixLine() {
        assertEquals(64, BlockDescriptor.PREFIX);
        assertEquals(0, BlockDescriptor.FREE);
        assertEquals(1, BlockDescriptor.LIVE);
        memory.fill((byte) 0x55);
        BlockDescriptor.markLivePlain(memory, BLOCK);
        assertEquals(1, memory.get(ValueLayout.JAVA_INT, 0));
        BlockDescriptor.markFreeRelease(memory, BLOCK);
        assertEquals(0, memory.get(ValueLayout.JAVA_INT, 0));
        for (long at = 4; at < memory.byteSize(); at++) {
            assertEquals(0x55, memory.get(ValueLayout.JAVA_BYTE, at), "byte " + at);
        }
    }

    @Test
    void zeroedMemoryIsFree() {
        assertTrue(BlockDescriptor.isFreeAcquire(memory, BLOCK));
        BlockDescriptor.markLivePlain(memory, BLOCK);
        assertFalse(BlockDescriptor.isFreeAcquire(memory, BLOCK));
    }
}
