package org.isthmus.allocator.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.isthmus.allocator.NodePool;
import org.isthmus.allocator.TestPool;
import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RankHeapTest {
    private static final long AREA = 64L << 20;

    @TempDir
    private Path directory;

    private NodePool pool;
    private HeapArea area;
    private RankHeap a;
    private RankHeap b;

    @BeforeEach
    void open() throws IOException {
        pool = TestPool.create(directory, 80 << 20);
        area = HeapArea.create(pool, 4, AREA);
        a = RankHeap.open(area, 0, HeapOptions.of(DefaultLimits.snapshot()));
        b = RankHeap.open(HeapArea.attach(pool, area.base()), 1, HeapOptions.of(DefaultLimits.snapshot()));
    }

    @Test
    void sizesOfEveryTierAreServedAlignedAndApart() {
        List<Long> handles = new ArrayList<>();
        for (int bytes : new int[] {1, 64, 65, 1024, 2048, 2049, 65536, 65537, 1 << 20, (1 << 20) + 65, 3 << 20,
                9 << 20}) {
            long handle = a.allocate(bytes);
            assertNotEquals(Handle.NONE, handle, bytes + " bytes");
            assertEquals(0, a.offset(handle) % 64, bytes + " bytes");
            area.memory().asSlice(a.offset(handle), bytes).fill((byte) handles.size());
            handles.add(handle);
        }
        a.checkInvariants();
        for (int i = 0; i < handles.size(); i++) {
            assertEquals((byte) i, area.memory().get(ValueLayout.JAVA_BYTE, a.offset(handles.get(i))));
            a.free(handles.get(i));
        }
        a.checkInvariants();
        a.trim();
        assertEquals(0, a.ownedSuperpages());
    }

    @Test
    void badSizesAreRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> a.allocate(0)).getMessage()
                .contains("asked for 0"));
        assertThrows(IllegalArgumentException.class, () -> a.allocate(-1));
        assertThrows(IllegalArgumentException.class, () -> a.allocate(Long.MIN_VALUE));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> a.allocate(AREA)).getMessage()
                .contains("asked for " + AREA));
    }

    @Test
    void indicesAboveASlabsCapacityAreRefused() {
        for (int bytes : new int[] {100, 1024, 4096, 100_000}) {
            long handle = a.allocate(bytes);
            for (int index = SizeClasses.capacity(SizeClasses.of(bytes)); index <= Handle.INDEX_MASK; index++) {
                long forged = handle & ~Handle.INDEX_MASK | index;
                assertThrows(BadHandleException.class, () -> a.free(forged));
                assertThrows(BadHandleException.class, () -> a.handOver(forged, 1));
                assertThrows(BadHandleException.class, () -> b.accept(forged));
            }
            a.free(handle);
        }
        a.checkInvariants();
    }

    @Test
    void wrongHandlesAreRefusedAndChangeNothing() {
        long first = a.allocate(100);
        a.free(first);
        assertTrue(assertThrows(BadHandleException.class, () -> a.free(first)).getMessage().contains("is free"));
        long second = a.allocate(100);
        assertEquals(a.offset(first), a.offset(second));
        assertTrue(assertThrows(BadHandleException.class, () -> a.free(first)).getMessage()
                .contains("live, held by heap 0"));
        assertThrows(BadHandleException.class, () -> b.free(second), "held by another");
        assertThrows(BadHandleException.class, () -> b.accept(second), "not handed over");
        assertThrows(BadHandleException.class, () -> b.handOver(second, 0), "not held");
        assertThrows(BadHandleException.class, () -> a.free(Handle.NONE));
        assertThrows(BadHandleException.class, () -> a.free(-1L));
        assertThrows(BadHandleException.class, () -> a.free(second | 1L << 40), "damaged");
        assertThrows(BadHandleException.class, () -> b.accept(Handle.of(Handle.id(5, 0, 0), 0, 0)), "no slab");
        assertThrows(BadHandleException.class, () -> b.accept(Handle.of(Handle.id(5000, 0, 0), 0, 0)), "no superpage");
        assertThrows(IllegalArgumentException.class, () -> a.handOver(second, 4));
        a.checkInvariants();
        a.free(second);
        a.checkInvariants();
    }

    @Test
    void aBlockTravelsAndComesBack() {
        for (int bytes : new int[] {64, 3000, 100_000, 5 << 20}) {
            long handle = a.allocate(bytes);
            area.memory().set(ValueLayout.JAVA_LONG, a.offset(handle), 42);
            a.handOver(handle, 1);
            assertThrows(BadHandleException.class, () -> a.free(handle), "given away");
            assertEquals(42, area.memory().get(ValueLayout.JAVA_LONG, b.accept(handle)));
            assertThrows(BadHandleException.class, () -> b.accept(handle), "twice");
            b.free(handle);
            assertThrows(BadHandleException.class, () -> b.free(handle), "twice");
            b.flush();
            a.collect();
            a.checkInvariants();
            long again = a.allocate(bytes);
            assertEquals(a.offset(handle), a.offset(again));
            assertNotEquals(handle, again);
            a.free(again);
        }
        assertEquals(4, b.counters().flushes);
        a.trim();
        assertEquals(0, a.ownedSuperpages());
    }

    /** A sweep takes a block before its freer's bit is set; the late bit must not hide the next free of that place. */
    @Test
    void aBitThatComesLateHidesNoLaterFree() {
        for (boolean reopen : new boolean[] {false, true}) {
            long handle = a.allocate(100);
            a.handOver(handle, 1);
            long ignored = b.accept(handle);
            b.free(handle);
            area.raiseSweepEpoch();
            a.collect();
            if (reopen) {
                a.trim();
                assertEquals(0, a.ownedSuperpages());
            }
            b.flush();
            for (int i = 0; i < 3; i++) {
                long next = a.allocate(100);
                a.handOver(next, 1);
                ignored = b.accept(next);
                b.free(next);
                b.flush();
                a.trim();
                assertEquals(0, a.ownedSuperpages(), "round " + i);
            }
        }
    }

    @Test
    void whatFreersLeftInASlotDoesNotStopItsNextHeap() {
        long middle = area.layout.heap(2) + HeapDescriptor.MIDDLE_OFFSET;
        long left = area.or(middle, -1L);
        assertEquals(0, left);
        RankHeap next = RankHeap.open(area, 2, HeapOptions.of(DefaultLimits.snapshot()));
        long handle = next.allocate(100);
        next.handOver(handle, 1);
        long ignored = b.accept(handle);
        b.free(handle);
        b.flush();
        next.trim();
        assertEquals(0, next.ownedSuperpages());
    }

    @Test
    void aFullAreaIsAnAnswerAndEndsWithAFree() {
        List<Long> handles = new ArrayList<>();
        for (long h = a.allocate(40_000); h != Handle.NONE; h = a.allocate(40_000)) {
            handles.add(h);
        }
        assertTrue(handles.size() > area.superpages() * 40, handles.size() + " blocks");
        assertEquals(1, a.counters().exhausted);
        assertEquals(Handle.NONE, b.allocate(64));
        assertEquals(Handle.NONE, a.allocate(3 << 20));
        a.checkInvariants();
        handles.forEach(a::free);
        assertNotEquals(Handle.NONE, a.allocate(3 << 20), "what one class held serves another");
        a.trim();
        assertNotEquals(Handle.NONE, b.allocate(64), "what one rank held serves another");
    }

    @Test
    void memoryAtRestReturnsToTheNode() {
        List<Long> handles = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            handles.add(a.allocate(1 + i % 3000));
        }
        assertTrue(a.ownedSuperpages() > 10);
        handles.forEach(a::free);
        a.trim();
        assertEquals(0, a.ownedSuperpages());
        assertEquals(0, a.counters().ownedBytes);
        long run = b.allocate((area.superpages() - 1L) << 21);
        assertNotEquals(Handle.NONE, run, "all superpages are free again");
        b.free(run);
    }

    /** An idle rank takes nothing; a rank with a few small blocks some tens of kilobytes. */
    @Test
    void memoryFollowsUse() throws IOException {
        Path file = directory.resolve("segment");
        long before = allocatedBytes(file);
        a.free(a.allocate(64));
        a.free(a.allocate(4096));
        a.free(a.allocate(100_000));
        long taken = allocatedBytes(file) - before;
        assertTrue(taken > 0 && taken < 1 << 20, taken + " bytes");
    }

    private static long allocatedBytes(Path file) throws IOException {
        Process du = new ProcessBuilder("du", "-B1", file.toString()).start();
        String size = new String(du.getInputStream().readAllBytes()).split("\\s")[0];
        return Long.parseLong(size);
    }

    @Test
    void limitsAreObeyedFromTheNextSlowPathOn() {
        HeapLimits defaults = DefaultLimits.snapshot();
        int[] two = new int[SizeClasses.COUNT];
        Arrays.fill(two, 2);
        a.setLimits(new HeapLimits(1, two, two, 4, 0, 4.0, 8, Long.MAX_VALUE, Long.MAX_VALUE));
        long large = a.allocate(256);
        a.free(large);
        assertEquals(2, a.counters().refilledBlocks[SizeClasses.of(256)]);
        assertEquals(large & 0xfffffL, a.allocate(64) & 0xfffffL, "a request takes a larger block rather than refill");
        int c = SizeClasses.of(128);
        long[] some = new long[5];
        for (int i = 0; i < some.length; i++) {
            some[i] = a.allocate(128);
            area.memory().set(ValueLayout.JAVA_LONG, a.offset(some[i]), -1);
        }
        for (long handle : some) {
            a.free(handle);
        }
        assertTrue(a.counters().spilledBlocks[c] > 0);
        assertEquals(0, area.memory().get(ValueLayout.JAVA_LONG, a.offset(a.allocate(128))), "cleared");
        a.checkInvariants();
        int[] wrong = new int[] {1};
        assertThrows(IllegalArgumentException.class, () -> a.setLimits(
                new HeapLimits(2, wrong, defaults.refillBatch(), 4, 0, 1, 0, 0, 0)));
    }

    @Test
    void aSlotIsUsedByOneHeapAtATime() {
        assertThrows(IllegalStateException.class,
                () -> RankHeap.open(area, 0, HeapOptions.of(DefaultLimits.snapshot())));
        assertThrows(IllegalArgumentException.class,
                () -> RankHeap.open(area, 4, HeapOptions.of(DefaultLimits.snapshot())));
        a.close();
        RankHeap.open(area, 0, HeapOptions.of(DefaultLimits.snapshot())).close();
    }

    @Test
    void aClosedHeapsBlocksInOtherHandsSurviveIt() {
        long handle = a.allocate(1000);
        a.handOver(handle, 1);
        a.close();
        assertTrue(b.reap());
        long offset = b.accept(handle);
        area.memory().set(ValueLayout.JAVA_LONG, offset, 7);
        b.free(handle);
        b.checkInvariants();
        b.trim();
        assertEquals(0, b.ownedSuperpages());
    }

    @Test
    void aBlockThatIsReadAtOnceIsFreedByOneStore() {
        long handle = a.allocate(5000);
        assertThrows(BadHandleException.class, () -> b.peek(handle, 5000), "not handed over");
        a.handOver(handle, 1);
        assertEquals(a.offset(handle), b.peek(handle, 5000));
        assertEquals(a.offset(handle), b.peek(handle, 5000), "a look changes nothing");
        assertThrows(BadHandleException.class, () -> b.peek(handle, 6000), "longer than the block");
        assertThrows(BadHandleException.class, () -> b.peek(handle, -1));
        b.consume(handle);
        assertThrows(BadHandleException.class, () -> b.consume(handle), "consumed before");
        assertThrows(BadHandleException.class, () -> b.peek(handle, 5000));
        b.flush();
        a.trim();
        assertEquals(0, a.ownedSuperpages());
    }

    @Test
    void whatCannotWaitIsServedBeyondTheBound() {
        try (RankHeap small = RankHeap.open(area, 2, HeapOptions.of(DefaultLimits.snapshot()).withMostBytes(0))) {
            List<Long> handles = new ArrayList<>();
            for (long h = small.allocate(60_000); h != Handle.NONE; h = small.allocate(60_000)) {
                handles.add(h);
            }
            for (int i = 0; i < 64; i++) {
                long handle = small.allocateBeyondBound(60_000);
                assertNotEquals(Handle.NONE, handle);
                small.handOver(handle, 2);
                handles.add(handle);
                assertEquals(small.offset(handle), small.accept(handle), "a heap may hand over to itself");
            }
            assertTrue(handles.stream().map(small::offset).distinct().count() == handles.size());
            handles.forEach(small::free);
            small.checkInvariants();
            small.trim();
            assertEquals(0, small.ownedSuperpages());
            List<Long> bounded = new ArrayList<>();
            for (long h = small.allocate(60_000); h != Handle.NONE; h = small.allocate(60_000)) {
                bounded.add(h);
            }
            assertTrue(bounded.size() < 64, "the bound holds again for " + bounded.size());
            bounded.forEach(small::free);
        }
    }

    @Test
    void beyondItsBoundAHeapOpensTheFirstSlabOfAClassAlone() {
        try (RankHeap small = RankHeap.open(area, 2, HeapOptions.of(DefaultLimits.snapshot()).withMostBytes(0))) {
            int blocks = 0;
            while (small.allocate(2000) != Handle.NONE) {
                blocks++;
            }
            assertEquals(SizeClasses.capacity(SizeClasses.of(2000)), blocks);
            assertTrue(small.hasBlocksFor(2000));
            assertFalse(small.hasBlocksFor(70_000));
            assertNotEquals(Handle.NONE, small.allocate(70_000));
        }
    }

    @Test
    void aFullHeapFindsBlocksWhoseReturnNobodyHasTold() {
        try (RankHeap small = RankHeap.open(area, 2, HeapOptions.of(DefaultLimits.snapshot()).withMostBytes(0))) {
            long last = Handle.NONE;
            for (long next = small.allocate(2000); next != Handle.NONE; next = small.allocate(2000)) {
                last = next;
            }
            small.handOver(last, 1);
            b.peek(last, 2000);
            b.consume(last);
            long again = Handle.NONE;
            for (int i = 0; i < 1000 && again == Handle.NONE; i++) {
                again = small.allocate(2000);
            }
            assertNotEquals(Handle.NONE, again);
        }
    }

    @Test
    void onlySlicesWithPagesAreHeld() {
        long handle = a.allocate(5L << 20);
        long offset = a.offset(handle);
        assertTrue(area.holds(offset, 5L << 20));
        assertFalse(area.holds(offset, (6L << 20) + 1), "no pages behind it");
        assertFalse(area.holds(area.base(), 64));
        assertFalse(area.holds(offset, Long.MAX_VALUE));
        assertFalse(area.holds(offset, -1));
        a.free(handle);
    }

    @Test
    void areasOfWrongKindsAreRefused() throws IOException {
        assertThrows(IllegalArgumentException.class, () -> HeapArea.attach(pool, area.base() + 4096));
        assertThrows(IllegalArgumentException.class, () -> HeapArea.attach(pool, -4096));
        assertThrows(IllegalArgumentException.class, () -> HeapArea.create(pool, 0, AREA));
        assertThrows(IllegalArgumentException.class, () -> HeapArea.create(pool, 1, 1 << 20));
        assertTrue(Files.exists(directory.resolve("segment")));
    }
}
