package org.isthmus.benchmarks.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** What is measured must work: every family keeps blocks apart, and every kind of loop moves every block. */
@Timeout(120)
class HeapFamilyTest {
    private static final int BLOCKS = 500;

    private static Stream<DynamicTest> each(Check check) {
        List<Named> families = List.of(new Named("isthmus", file -> new RankHeapFamily("isthmus", file, true)),
                new Named("isthmus-checked", file -> new RankHeapFamily("isthmus-checked", file, true)),
                new Named("isthmus-flush-1", file -> new RankHeapFamily("isthmus-flush-1", file, true)),
                new Named("caslist", file -> new CasListFamily(file, true)), new Named("glibc", file -> glibc()));
        return families.stream().map(named -> DynamicTest.dynamicTest(named.name, () -> {
            try (SharedFile file = SharedFile.create()) {
                check.run(named.open.apply(file), file);
            }
        }));
    }

    private record Named(String name, Function<SharedFile, HeapFamily> open) {}

    private interface Check {
        void run(HeapFamily family, SharedFile file) throws Exception;
    }

    private static HeapFamily glibc() {
        try {
            return NativeFamily.use(NativeFamily.Library.GLIBC);
        } catch (NativeFamily.AbsentException e) {
            throw new IllegalStateException(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> liveBlocksKeepTheirValuesAndFreedOnesComeBack() {
        return each((family, file) -> {
            Heap owner = family.newHeap(0);
            Heap other = family.newHeap(1);
            Random random = new Random(1);
            List<Long> live = new ArrayList<>();
            List<Long> values = new ArrayList<>();
            for (int i = 0; i < 100_000; i++) {
                if (live.size() == BLOCKS) {
                    int index = random.nextInt(BLOCKS);
                    assertEquals(values.get(index), owner.read(live.get(index)));
                    long freed = live.remove(index);
                    values.remove(index);
                    if (i % 2 == 0) {
                        owner.free(freed);
                    } else {
                        owner.handOver(freed, 1);
                        other.accept(freed);
                        other.free(freed);
                        other.flush();
                    }
                }
                int bytes = 8 + random.nextInt(8000);
                long handle = LocalLoops.allocate(owner, bytes);
                assertNotEquals(Heap.NONE, handle);
                assertTrue(owner.blockBytes(handle, bytes) >= bytes);
                owner.write(handle, i);
                live.add(handle);
                values.add((long) i);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> loopsOfTwoThreadsMoveEveryBlock() {
        return each((family, file) -> {
            assertTrue(PairLoops.threads(family, file, Sizes.uniform(64, 8192), 5000) > 0);
        });
    }

    @TestFactory
    Stream<DynamicTest> larsonLoopsRun() {
        return each((family, file) -> assertTrue(ExchangeLoops.larson(family, Sizes.uniform(10, 500), 4000) > 0));
    }

    @TestFactory
    Stream<DynamicTest> sh8benchLoopsRun() {
        return each((family, file) ->
                assertTrue(ExchangeLoops.sh8bench(family, file, Sizes.uniform(8, 1000), 4000) > 0));
    }

    @Test
    void loopsOfTwoProcessesMoveEveryBlock() throws Exception {
        try (SharedFile file = SharedFile.create()) {
            assertTrue(PairLoops.processes(new RankHeapFamily("isthmus", file, true), "isthmus", file,
                    Sizes.fixed(4096), 5000) > 0);
        }
        try (SharedFile file = SharedFile.create()) {
            assertTrue(PairLoops.processes(new CasListFamily(file, true), "caslist", file, Sizes.fixed(64), 5000) > 0);
        }
    }

    @Test
    void sizesAreTheSameForEveryRivalAndWithinTheirRange() {
        Sizes a = Sizes.logUniform(64, 1 << 20);
        Sizes b = Sizes.logUniform(64, 1 << 20);
        for (int i = 0; i < Sizes.COUNT; i++) {
            assertEquals(a.get(i), b.get(i));
            assertTrue(a.get(i) >= 64 && a.get(i) <= 1 << 20);
            int payload = Sizes.powersOfTwoWithHeader(64, 4096).get(i) - 64;
            assertEquals(1, Integer.bitCount(payload));
        }
        assertThrows(IllegalArgumentException.class, () -> Workload.of("none"));
        assertEquals(8 << 20, Workload.of("big").maxBytes(), 1 << 16);
    }
}
