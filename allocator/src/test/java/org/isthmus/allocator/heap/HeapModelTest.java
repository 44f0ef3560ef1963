package org.isthmus.allocator.heap;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.isthmus.allocator.TestPool;
import org.isthmus.allocator.segment.KillPoints;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of random histories. The seed is in the failure's message; {@code -Disthmus.heap.seeds=n} runs more,
 * {@code -Disthmus.heap.seed=n} that one.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeapModelTest {
    private static final int SEEDS = Integer.getInteger("isthmus.heap.seeds", 1000);
    private static final int FIRST = Integer.getInteger("isthmus.heap.seed", 0);
    private static final int LAST = FIRST == 0 ? SEEDS : FIRST + 1;
    private static final int STEPS = 120;
    private static final int SEEDS_OF_AN_AREA = 200;

    @TempDir
    private Path directory;

    @AfterEach
    void noKills() {
        KillPoints.action(point -> { });
    }

    @Test
    void randomWorkOfLivingHeaps() throws IOException {
        runAll(0);
    }

    @Test
    void randomWorkWithDeathsAtAnyPoint() throws IOException {
        int kills = runAll(40);
        assertTrue(kills >= (LAST - FIRST) / 2, kills + " kills");
    }

    private int runAll(int killEvery) throws IOException {
        HeapArea area = null;
        int kills = 0;
        for (int seed = FIRST; seed < LAST; seed++) {
            if (area == null || seed % SEEDS_OF_AN_AREA == 0) {
                Path own = Files.createDirectory(directory.resolve("seed" + seed));
                area = HeapArea.create(TestPool.create(own, 28 << 20), 3, 22 << 20);
            }
            try {
                HeapModel model = new HeapModel(area, seed, killEvery);
                model.run(STEPS);
                kills += model.kills;
                if (model.anyAlive()) {
                    model.finish();
                } else {
                    area = null;
                }
            } catch (RuntimeException | Error failed) {
                throw new AssertionError("seed " + seed + ", deaths every " + killEvery
                        + ": " + failed.getMessage(), failed);
            }
        }
        return kills;
    }
}
