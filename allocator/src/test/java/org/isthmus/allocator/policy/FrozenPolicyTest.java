package org.isthmus.allocator.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FrozenPolicyTest {
    private static final int[] BLOCK_BYTES = {64, 4096};
    private final LimitBounds bounds = new LimitBounds(HeapLimits.defaults(BLOCK_BYTES));

    @Test
    void whatIsWrittenCanBeRead() {
        HeapLimits limits = bounds.clamp(new HeapLimits(17, new int[] {300, 20}, new int[] {75, 5}, 8, 4, 1.25, 0,
                1 << 20, 12 << 20));
        HeapLimits read = FrozenPolicy.read(FrozenPolicy.write(limits), bounds);
        assertTrue(read.sameAs(limits));
        assertEquals(17, read.generation());
    }

    @Test
    void whatLiesOutsideIsBroughtIntoTheBounds() {
        String text = FrozenPolicy.write(bounds.defaults()).replace("stackCapacity 1024 256", "stackCapacity 1 999999");
        assertArrayEquals(new int[] {256, 1024}, FrozenPolicy.read(text, bounds).stackCapacity());
    }

    @Test
    void badLinesAreNamed() {
        String text = FrozenPolicy.write(bounds.defaults());
        assertNames("maxWast 1", text + "maxWast 1\n");
        assertNames("flushBatch 3", text + "flushBatch 3\n");
        assertNames("maxWaste is missing", text.replace("maxWaste", "#"));
        assertNames("flushBatch = \"x\"", text.replace("flushBatch 16", "flushBatch x"));
        assertNames("2 size classes", text.replace("stackCapacity 1024 256", "stackCapacity 1024"));
    }

    private void assertNames(String what, String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> FrozenPolicy.read(text, bounds))
                .getMessage();
        assertTrue(message.contains(what), message);
    }

    @Test
    void zeroModesHaveTheirBytes() {
        assertEquals(List.of("none", "header", "full"), ZeroMode.names());
        assertEquals(0, ZeroMode.of("none").bytes());
        assertEquals(64, ZeroMode.of("header").bytes());
        assertEquals(Integer.MAX_VALUE, ZeroMode.of("full").bytes());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ZeroMode.of("some")).getMessage()
                .contains("none, header, full"));
    }
}
