package org.isthmus.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RankBlockPoolTest {
    private static final long LIMIT = 4 << 20;

    @TempDir
    private Path directory;

    private NodePool nodePool;
    private RankBlockPool pool;

    @BeforeEach
    void createPool() throws IOException {
        nodePool = TestPool.create(directory, 64 << 20);
        pool = new RankBlockPool(nodePool, LIMIT);
    }

    @Test
    void sizesFromNothingToTheLargestAreServedAligned() {
        assertEquals(1 << 20, RankBlockPool.maxBlock());
        for (int bytes : new int[] {0, 1, 2047, 2048, 2049, 4096, 4097, 65536, 65537, 1 << 20}) {
            long block = pool.allocate(bytes);
            assertNotEquals(BlockAllocator.EXHAUSTED, block, bytes + " bytes");
            assertEquals(0, block % 64, bytes + " bytes");
            nodePool.memory().asSlice(block, bytes).fill((byte) 1);
            pool.free(block);
        }
    }

    @Test
    void refusesSizesOutOfRange() {
        IllegalArgumentException large =
                assertThrows(IllegalArgumentException.class, () -> pool.allocate((1 << 20) + 1));
        assertTrue(large.getMessage().contains("1048577"), large.getMessage());
        assertThrows(IllegalArgumentException.class, () -> pool.allocate(-1));
    }

    @Test
    void exhaustionEndsWithTheFirstFree() {
        List<Long> blocks = takeAll(2048);
        assertEquals(LIMIT, pool.reserved());
        assertEquals(BlockAllocator.EXHAUSTED, pool.allocate(2048));
        long freed = blocks.get(blocks.size() / 2);
        pool.free(freed);
        assertEquals(freed, pool.allocate(2048));
        assertEquals(BlockAllocator.EXHAUSTED, pool.allocate(2048));
        blocks.forEach(pool::free);
        assertEquals(blocks.size(), takeAll(2048).size());
        assertEquals(LIMIT, pool.reserved());
    }

    @Test
    void aSizeThatTookEverythingDoesNotLockOutAnother() {
        takeAll(2048).forEach(pool::free);
        long block = pool.allocate(100_000);
        assertNotEquals(BlockAllocator.EXHAUSTED, block);
        pool.free(block);
        takeAll(100_000).forEach(pool::free);
        assertNotEquals(BlockAllocator.EXHAUSTED, pool.allocate(100_000));
    }

    private List<Long> takeAll(int bytes) {
        List<Long> blocks = new ArrayList<>();
        Set<Long> distinct = new HashSet<>();
        for (long block = pool.allocate(bytes); block != BlockAllocator.EXHAUSTED; block = pool.allocate(bytes)) {
            blocks.add(block);
            assertTrue(distinct.add(block), "block " + block + " was handed out twice");
        }
        return blocks;
    }

    @Test
    void randomOperationsNeverGiveOutALiveRange() {
        Random random = new Random(42);
        TreeMap<Long, Integer> live = new TreeMap<>();
        List<Long> order = new ArrayList<>();
        int exhausted = 0;
        for (int i = 0; i < 200_000; i++) {
            if (order.isEmpty() || random.nextInt(100) < 52) {
                int bytes = 1 + random.nextInt(1 << 11 + random.nextInt(7));
                long block = pool.allocate(bytes);
                if (block == BlockAllocator.EXHAUSTED) {
                    exhausted++;
                    free(order.remove(random.nextInt(order.size())), live);
                } else {
                    assertNoOverlap(block, bytes, live);
                    live.put(block, bytes);
                    order.add(block);
                }
            } else {
                free(order.remove(random.nextInt(10) == 0 ? random.nextInt(order.size()) : 0), live);
            }
        }
        assertTrue(exhausted > 0, "the limit was never reached");
    }

    private void free(long block, Map<Long, Integer> live) {
        live.remove(block);
        pool.free(block);
    }

    private static void assertNoOverlap(long block, int bytes, TreeMap<Long, Integer> live) {
        Map.Entry<Long, Integer> below = live.floorEntry(block);
        assertTrue(below == null || below.getKey() + below.getValue() <= block - BlockDescriptor.PREFIX,
                () -> block + " overlaps " + below);
        Map.Entry<Long, Integer> above = live.ceilingEntry(block);
        assertTrue(above == null || block + bytes <= above.getKey() - BlockDescriptor.PREFIX,
                () -> block + " of " + bytes + " overlaps " + above);
    }

    @Test
    void blocksFreedByAnotherThreadComeBackUntouchedUntilThen() {
        BlockingQueue<Long> ring = new ArrayBlockingQueue<>(8192);
        MemorySegment memory = nodePool.memory();
        int messages = 300_000;
        CompletableFuture<Void> consumer = CompletableFuture.runAsync(() -> consume(ring, memory, messages));
        for (long i = 0; i < messages; i++) {
            int bytes = i % 3 == 0 ? 5000 : 1000;
            long block = pool.allocate(bytes);
            while (block == BlockAllocator.EXHAUSTED) {
                assertTrue(!consumer.isCompletedExceptionally(), "the consumer failed");
                Thread.yield();
                block = pool.allocate(bytes);
            }
            memory.set(ValueLayout.JAVA_LONG, block, i);
            memory.set(ValueLayout.JAVA_LONG, block + bytes - 8, ~i);
            ring.add(block + (bytes == 5000 ? 1 : 0));
        }
        consumer.join();
    }

    private void consume(BlockingQueue<Long> ring, MemorySegment memory, int messages) {
        for (long i = 0; i < messages; i++) {
            try {
                long tagged = ring.take();
                long block = tagged & ~1L;
                int bytes = (tagged & 1) == 1 ? 5000 : 1000;
                assertEquals(i, memory.get(ValueLayout.JAVA_LONG, block));
                assertEquals(~i, memory.get(ValueLayout.JAVA_LONG, block + bytes - 8));
                pool.free(block);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
