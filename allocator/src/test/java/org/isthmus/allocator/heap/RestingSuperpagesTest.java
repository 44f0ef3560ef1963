package org.isthmus.allocator.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.isthmus.allocator.NodePool;
import org.isthmus.allocator.TestPool;
import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.segment.KernelPages;
import org.isthmus.allocator.slab.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Memory that goes back to the kernel, and runs that ask for huge pages; on tmpfs, with native access. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RestingSuperpagesTest {
    private static final long RUN = 8L << 20;
    private static final Path TMPFS = Path.of("/dev/shm");

    private Path directory;
    private HeapArea area;
    private Path file;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(KernelPages.ofThisProcess().isPresent(), "native access");
        assumeTrue(Files.isDirectory(TMPFS), "a tmpfs");
        directory = Files.createTempDirectory(TMPFS, "resting");
        NodePool pool = TestPool.create(directory, 160 << 20);
        file = directory.resolve("segment");
        area = HeapArea.create(pool, 2, 128L << 20);
    }

    @AfterEach
    void remove() throws IOException {
        if (directory != null) {
            Files.delete(file);
            Files.delete(directory);
        }
    }

    private RankHeap heap(HeapLimits limits, Optional<KernelPages> kernel) {
        return RankHeap.open(area, 0, new HeapOptions(limits, Long.MAX_VALUE, 0, false, false, kernel));
    }

    private long used() throws IOException {
        Process du = new ProcessBuilder("du", "--block-size=1", file.toString()).start();
        return Long.parseLong(new String(du.getInputStream().readAllBytes()).split("\\s")[0]);
    }

    @Test
    void emptiedRunsGiveTheirMemoryBackOnceABatchHasGathered() throws IOException {
        for (boolean huge : new boolean[] {false, true}) {
            HeapLimits limits = DefaultLimits.snapshot().withReleaseBatchBytes(2 * RUN)
                    .withHugePageBytes(huge ? RUN : Long.MAX_VALUE);
            try (RankHeap heap = heap(limits, KernelPages.ofThisProcess())) {
                long before = used();
                long[] runs = new long[6];
                for (int i = 0; i < runs.length; i++) {
                    runs[i] = heap.allocate(RUN);
                    area.memory().asSlice(heap.offset(runs[i]), RUN).fill((byte) 1);
                }
                assertTrue(used() >= before + runs.length * RUN, "memory behind the runs");
                for (long run : runs) {
                    heap.free(run);
                }
                heap.trim();
                assertEquals(0, heap.ownedSuperpages());
                assertTrue(used() < before + RUN, "memory back with the kernel");
                long again = heap.allocate(RUN);
                assertEquals(0, area.memory().get(ValueLayout.JAVA_BYTE, heap.offset(again) + RUN - 1), "a new page");
                heap.free(again);
            }
        }
    }

    @Test
    void aRestingSuperpageIsTakenBackWithItsPages() throws IOException {
        HeapLimits limits = DefaultLimits.snapshot().withReleaseBatchBytes(64L << 20);
        try (RankHeap heap = heap(limits, KernelPages.ofThisProcess())) {
            long[] runs = new long[9];
            for (int i = 0; i < runs.length; i++) {
                runs[i] = heap.allocate(RUN);
            }
            for (long run : runs) {
                heap.free(run); // more than a heap keeps as runs
            }
            long before = used();
            long block = heap.allocate(1 << 20);
            assertNotEquals(Handle.NONE, block);
            assertFalse(used() > before + (1 << 18), "only the superpage's state words were new");
            heap.free(block);
        }
    }

    @Test
    void withoutTheKernelMemoryStaysWithTheNode() throws IOException {
        try (RankHeap heap = heap(DefaultLimits.snapshot(), Optional.empty())) {
            long run = heap.allocate(RUN);
            long used = used();
            heap.free(run);
            heap.trim();
            assertEquals(used, used());
            assertEquals(0, heap.ownedSuperpages());
        }
    }
}
