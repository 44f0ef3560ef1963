package org.isthmus.launch.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DesignTest {
    @ParameterizedTest
    @CsvSource({
        "2, 2, 4, 2, 1, 4", "2, 128, 16384, 128, 1, 4", "2, 512, 262144, 512, 1, 4", "16, 64, 61440, 960, 15, 60",
        "64, 128, 1032192, 8064, 63, 252", "1024, 128, 16760832, 130944, 1023, 4092",
        "10000, 512, 2621177856, 5119488, 9999, 39996"})
    void queuePairsOfANode(int nodes, int ranks, long allPairs, long processToNode, long sharedOne, long sharedFour) {
        assertEquals(allPairs, Design.ALL_PAIRS.queuePairs(nodes, ranks, 1));
        assertEquals(processToNode, Design.PROCESS_TO_NODE.queuePairs(nodes, ranks, 1));
        assertEquals(sharedOne, Design.SHARED.queuePairs(nodes, ranks, 1));
        assertEquals(sharedFour, Design.SHARED.queuePairs(nodes, ranks, 4));
        assertEquals(9L * ranks, Design.DC.queuePairs(nodes, ranks, 1));
        assertEquals(ranks, Design.UD.queuePairs(nodes, ranks, 1));
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "7, 6", "16, 6", "64, 14", "1024, 62", "10000, 198"})
    void twoLevelsNeedRowsAndColumnsAlone(int nodes, int queuePairs) {
        assertEquals(queuePairs, Design.TWO_LEVEL.queuePairs(nodes, 100, 1));
    }

    @ParameterizedTest
    @CsvSource({"7", "12", "16"})
    void everyNodeIsReachedWithOneNodeBetweenAtMost(int nodes) {
        Grid grid = Grid.of(nodes);
        assertEquals(nodes, grid.nodes());
        for (int from = 0; from < nodes; from++) {
            for (int to = 0; to < nodes; to++) {
                int via = grid.nextHop(from, to);
                assertEquals(to, grid.nextHop(via, to));
                assertEquals(to, grid.absolute(from, grid.seenFrom(from, to)));
                assertEquals(grid.seenFrom(from, via), grid.nextHop(0, grid.seenFrom(from, to)),
                        "the same from everywhere");
            }
        }
    }
}
