package org.isthmus.allocator.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.allocator.NodePool;
import org.isthmus.allocator.TestPool;
import org.isthmus.allocator.segment.SegmentFullException;
import org.isthmus.allocator.slab.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UserMemoryTest {
    private static final long WINDOW = 64 << 20;

    @TempDir
    private Path directory;

    private static final long AREA = 32 << 20;
    private static final int BUFFER = 2 << 20;

    private HeapArea area;
    private UserMemory user;

    @BeforeEach
    void createMemory() throws IOException {
        NodePool pool = TestPool.create(directory, WINDOW);
        area = HeapArea.create(pool, 2, AREA);
        user = new UserMemory(area, 1, HeapOptions.of(DefaultLimits.snapshot()));
    }

    @Test
    void segmentsAreZeroedAlignedAndOfTheSizeAskedFor() {
        for (long bytes : new long[] {0, 1, 63, 64, 65, 2048, 2049, 100_000}) {
            MemorySegment segment = user.allocate(bytes);
            assertEquals(bytes, segment.byteSize());
            assertEquals(0, segment.address() % 64);
            assertZero(segment);
            segment.fill((byte) 0xff);
        }
    }

    @Test
    void unreachableMemoryIsFoundAgainWhenTheNodeIsFullAndIsZeroed() {
        for (int i = 0; i < 40; i++) {
            MemorySegment segment = user.allocate(BUFFER);
            assertZero(segment);
            segment.fill((byte) i);
        }
    }

    @Test
    void failsWhenAllIsReachable() {
        List<MemorySegment> held = new ArrayList<>();
        SegmentFullException full = assertThrows(SegmentFullException.class, () -> {
            while (true) {
                held.add(user.allocate(BUFFER));
            }
        });
        assertEquals(area.superpages() - area.superpages() / 4, held.size(), "fitted into three quarters of the area");
        assertTrue(full.getMessage().contains("2097152 more bytes"), full.getMessage());
        try (RankHeap messages = RankHeap.open(area, 0, HeapOptions.of(DefaultLimits.snapshot()))) {
            assertNotEquals(Handle.NONE, messages.allocate(100), "a quarter is left to messages");
        }
        for (int i = 0; i < held.size(); i++) {
            held.get(i).fill((byte) i);
        }
        for (int i = 0; i < held.size(); i++) {
            assertEquals((byte) i, held.get(i).get(ValueLayout.JAVA_BYTE, 0));
        }
    }

    @Test
    void viewsOfBuffersKeepTheMemory() {
        List<IntBuffer> views = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ByteBuffer buffer = user.allocate(BUFFER).asByteBuffer();
            IntBuffer view = buffer.slice(0, 4096).duplicate().asIntBuffer();
            view.put(0, 1000 + i);
            views.add(view);
        }
        for (int i = 0; i < 40; i++) {
            user.allocate(BUFFER).fill((byte) 0xff);
        }
        for (int i = 0; i < views.size(); i++) {
            assertEquals(1000 + i, views.get(i).get(0));
        }
    }

    private static void assertZero(MemorySegment segment) {
        for (long at = 0; at < segment.byteSize(); at++) {
            assertEquals(0, segment.get(ValueLayout.JAVA_BYTE, at), () -> "a byte of " + segment);
        }
    }
}
