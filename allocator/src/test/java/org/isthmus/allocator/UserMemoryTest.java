package org.isthmus.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.isthmus.allocator.segment.SegmentFullException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UserMemoryTest {
    private static final long WINDOW = 4 << 20;

    @TempDir
    private Path directory;

    private NodePool pool;
    private UserMemory user;

    @BeforeEach
    void createMemory() throws IOException {
        pool = TestPool.create(directory, WINDOW);
        user = new UserMemory(pool);
    }

    @Test
    void classesAreFourForEachDoublingAndMultiplesOfALine() {
        assertEquals(64, UserMemory.classBytes(0));
        assertEquals(64, UserMemory.classBytes(64));
        assertEquals(128, UserMemory.classBytes(65));
        assertEquals(320, UserMemory.classBytes(257));
        assertEquals(1024, UserMemory.classBytes(1000));
        assertEquals(1280, UserMemory.classBytes(1025));
        assertEquals(1L << 33, UserMemory.classBytes((1L << 33) - 1));
        for (long bytes = 1; bytes < 100_000; bytes += 7) {
            long size = UserMemory.classBytes(bytes);
            assertTrue(size >= bytes && size % 64 == 0 && size <= Math.max(bytes + 63, bytes * 5 / 4),
                    bytes + " -> " + size);
            assertEquals(size, UserMemory.classBytes(size));
        }
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
            MemorySegment segment = user.allocate(512 * 1024);
            assertZero(segment);
            segment.fill((byte) i);
        }
    }

    @Test
    void failsWhenAllIsReachable() {
        List<MemorySegment> held = new ArrayList<>();
        SegmentFullException full = assertThrows(SegmentFullException.class, () -> {
            while (true) {
                held.add(user.allocate(512 * 1024));
            }
        });
        assertEquals(5, held.size(), "fitted into three quarters of the window");
        assertTrue(pool.memory().byteSize() - pool.used() >= pool.memory().byteSize() / 4, "left to others");
        assertTrue(full.getMessage().contains("524288 more bytes"), full.getMessage());
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
            ByteBuffer buffer = user.allocate(512 * 1024).asByteBuffer();
            IntBuffer view = buffer.slice(0, 4096).duplicate().asIntBuffer();
            view.put(0, 1000 + i);
            views.add(view);
        }
        for (int i = 0; i < 40; i++) {
            user.allocate(512 * 1024).fill((byte) 0xff);
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
