package org.isthmus.allocator.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class PolicyRingDescriptorTest {
    @Test
    void snapshotsLieWhereTheDiagramSaysAndFitOnePage() {
        assertEquals(960, PolicyRingDescriptor.SNAPSHOT.byteSize());
        assertEquals(64, PolicyRingDescriptor.snapshot(0));
        assertEquals(1024, PolicyRingDescriptor.snapshot(5));
        assertEquals(1984, PolicyRingDescriptor.snapshot(2));
        assertEquals(2944, PolicyRingDescriptor.snapshot(7));
        assertEquals(3904, PolicyRingDescriptor.RING.byteSize());
    }

    @Test
    void everyFieldIsAtItsByte() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(PolicyRingDescriptor.BYTES, 64);
            LimitBounds bounds = new LimitBounds(HeapLimits.defaults(new int[] {64, 4096}));
            new PolicyRing(memory, bounds).publish(new HeapLimits(0x1122334455667788L,
                    new int[] {300, 70}, new int[] {80, 20}, 32, 3, 1.5, 0, 4 << 20, 9 << 20));
            ByteBuffer bytes = memory.asByteBuffer().order(ByteOrder.nativeOrder());
            assertEquals(1, bytes.getLong(0));
            assertEquals(0x1122334455667788L, bytes.getLong(1024));
            assertEquals(2, bytes.getInt(1032));
            assertEquals(32, bytes.getInt(1036));
            assertEquals(3, bytes.getInt(1040));
            assertEquals(0, bytes.getInt(1044));
            assertEquals(1.5, bytes.getDouble(1048));
            assertEquals(4 << 20, bytes.getLong(1056));
            assertEquals(9 << 20, bytes.getLong(1064));
            assertEquals(300, bytes.getInt(1072));
            assertEquals(80, bytes.getInt(1076));
            assertEquals(70, bytes.getInt(1080));
            assertEquals(20, bytes.getInt(1084));
            assertEquals(0, bytes.getLong(1088));
        }
    }
}
