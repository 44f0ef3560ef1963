package org.isthmus.allocator.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReleaseBatchTest {
    private final List<String> released = new ArrayList<>();
    private final ReleaseBatch batch = new ReleaseBatch((offset, length) -> released.add(offset + "+" + length));

    @Test
    void neighboursAreJoinedAndReleasedTogetherOnceTheBatchIsFull() {
        batch.add(300, 100, 1000);
        batch.add(100, 100, 1000);
        batch.add(200, 100, 1000);
        batch.add(900, 100, 1000);
        assertEquals(List.of(), released);
        assertEquals(400, batch.bytes());
        batch.add(2000, 600, 1000);
        assertEquals(List.of("100+300", "900+100", "2000+600"), released);
        assertEquals(0, batch.bytes());
    }

    @Test
    void whatIsNeededAgainIsTakenBackAligned() {
        batch.add(1000, 5000, 1 << 20);
        assertEquals(2048, batch.takeBack(2048, 2048));
        assertEquals(-1, batch.takeBack(2048, 1));
        assertEquals(5000 - 2048, batch.bytes());
        batch.flush();
        assertEquals(List.of("1000+1048", "4096+1904"), released);
    }

    @Test
    void freeingTwiceIsAnError() {
        batch.add(100, 100, 1 << 20);
        assertThrows(IllegalArgumentException.class, () -> batch.add(150, 10, 1 << 20));
        assertThrows(IllegalArgumentException.class, () -> batch.add(50, 51, 1 << 20));
        assertThrows(IllegalArgumentException.class, () -> batch.add(500, 0, 1 << 20));
        assertEquals(100, batch.bytes());
    }

    @Test
    void agreesWithASetOfPagesForEverySeed() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            BitSet gathered = new BitSet();
            BitSet out = new BitSet();
            ReleaseBatch ranges = new ReleaseBatch((offset, length) -> {
                assertTrue(gathered.nextClearBit((int) offset) >= offset + length);
                gathered.clear((int) offset, (int) (offset + length));
                out.set((int) offset, (int) (offset + length));
            });
            for (int step = 0; step < 200; step++) {
                int start = random.nextInt(256);
                int length = 1 + random.nextInt(8);
                if (random.nextInt(3) == 0) {
                    int at = (int) ranges.takeBack(length, 4);
                    if (at >= 0) {
                        assertTrue(at % 4 == 0 && gathered.nextClearBit(at) >= at + length, "seed " + seed);
                        gathered.clear(at, at + length);
                    }
                } else if (gathered.get(start, start + length).isEmpty()) {
                    gathered.set(start, start + length);
                    out.clear(start, start + length);
                    ranges.add(start, length, 100);
                }
                assertEquals(gathered.cardinality(), ranges.bytes(), "seed " + seed);
                assertFalse(gathered.intersects(out), "seed " + seed);
            }
        }
    }
}
