package org.isthmus.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.isthmus.allocator.segment.SegmentFullException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NodePoolTest {
    private record Extent(long offset, long bytes) {}

    @TempDir
    private Path directory;

    @Test
    void roundsUpToPages() {
        assertEquals(0, NodePool.roundUp(0));
        assertEquals(4096, NodePool.roundUp(1));
        assertEquals(4096, NodePool.roundUp(4096));
        assertEquals(8192, NodePool.roundUp(4097));
        assertEquals((5L << 30) + 4096, NodePool.roundUp((5L << 30) + 1));
    }

    @Test
    void extentsFollowEachOtherInWholePages() throws IOException {
        NodePool pool = TestPool.create(directory, 1 << 20);
        assertEquals(4096, pool.allocateExtent(1));
        assertEquals(8192, pool.allocateExtent(4097));
        assertEquals(16384, pool.allocateExtent(4096));
        assertEquals(20480, pool.used());
    }

    @Test
    void concurrentExtentsNeverOverlapAndAreZero() throws Exception {
        NodePool pool = TestPool.create(directory, 64 << 20);
        int threads = 4;
        List<Extent> all = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<List<Extent>>> results = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int seed = t;
                results.add(executor.submit(() -> takeExtents(pool, seed)));
            }
            for (Future<List<Extent>> result : results) {
                all.addAll(result.get());
            }
        }
        all.sort(Comparator.comparingLong(Extent::offset));
        long end = NodePool.PAGE;
        for (Extent extent : all) {
            assertTrue(extent.offset() >= end, "extent at " + extent.offset() + " begins before " + end);
            end = extent.offset() + extent.bytes();
        }
        assertEquals(NodePool.roundUp(end), pool.used());
    }

    private static List<Extent> takeExtents(NodePool pool, int seed) {
        Random random = new Random(seed);
        List<Extent> extents = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            long bytes = 1 + random.nextInt(40_000);
            long offset = pool.allocateExtent(bytes);
            for (long at = offset; at < offset + NodePool.roundUp(bytes); at += 8) {
                assertEquals(0, pool.memory().get(ValueLayout.JAVA_LONG, at));
            }
            pool.memory().asSlice(offset, bytes).fill((byte) 0xff);
            extents.add(new Extent(offset, bytes));
        }
        return extents;
    }

    @Test
    void aRefusedExtentLeavesTheRestUsable() throws IOException {
        NodePool pool = TestPool.create(directory, 64 * 1024);
        long before = pool.used();
        SegmentFullException full = assertThrows(SegmentFullException.class, () -> pool.allocateExtent(1 << 20));
        assertTrue(full.getMessage().contains("window of 65536 bytes"), full.getMessage());
        assertTrue(full.getMessage().contains("1048576 more bytes"), full.getMessage());
        assertEquals(before, pool.used());
        assertEquals(before, pool.allocateExtent(32 * 1024));
    }
}
