package org.isthmus.comm.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BufferCopyTest {
    private static final int ROOM = 128;
    private static final int FROM = 3;
    private static final int TO = 13;

    static IntStream lengths() {
        return IntStream.rangeClosed(0, 70);
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void betweenSegmentsOfAnyLength(int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = numbered(arena.allocate(ROOM));
            MemorySegment target = arena.allocate(ROOM);
            BufferCopy.toSegment(source, FROM, target, TO, length);
            assertCopied(target, length);
            MemorySegment onHeap = MemorySegment.ofArray(new byte[ROOM]);
            BufferCopy.fromSegment(source, FROM, onHeap, TO, length);
            assertCopied(onHeap, length);
        }
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void betweenArraysAndSegments(int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = numbered(arena.allocate(ROOM));
            byte[] array = new byte[ROOM];
            BufferCopy.fromSegment(source, FROM, array, TO, length);
            assertCopied(MemorySegment.ofArray(array), length);
            byte[] numbers = source.toArray(ValueLayout.JAVA_BYTE);
            MemorySegment target = arena.allocate(ROOM);
            BufferCopy.toSegment(numbers, FROM, target, TO, length);
            assertCopied(target, length);
        }
    }

    private static MemorySegment numbered(MemorySegment segment) {
        for (int i = 0; i < ROOM; i++) {
            segment.set(ValueLayout.JAVA_BYTE, i, (byte) (i + 1));
        }
        return segment;
    }

    private static void assertCopied(MemorySegment target, int length) {
        for (int i = 0; i < ROOM; i++) {
            boolean within = i >= TO && i < TO + length;
            assertEquals((byte) (within ? i - TO + FROM + 1 : 0), target.get(ValueLayout.JAVA_BYTE, i), "byte " + i);
        }
    }
}
