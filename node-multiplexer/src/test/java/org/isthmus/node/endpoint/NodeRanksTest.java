package org.isthmus.node.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NodeRanksTest {
    @Test
    void aWholeJobHasEachRankAtItsOwnPlaceAndNoMultiplexer() {
        NodeRanks ranks = NodeRanks.all(3);
        assertTrue(ranks.isWholeJob());
        assertEquals(3, ranks.places());
        for (int rank = 0; rank < 3; rank++) {
            assertEquals(rank, ranks.place(rank));
            assertEquals(rank, ranks.rank(rank));
        }
    }

    @Test
    void onSeveralNodesPlacesAreInOrderOfRankAndTheMultiplexerIsLast() {
        NodeRanks ranks = new NodeRanks(6, 1, 4, 5);
        assertFalse(ranks.isWholeJob());
        assertEquals(6, ranks.jobSize());
        assertEquals(3, ranks.count());
        assertEquals(4, ranks.places());
        assertEquals(3, ranks.multiplexer());
        assertEquals(1, ranks.place(4));
        assertEquals(5, ranks.rank(2));
        assertEquals(NodeRanks.ELSEWHERE, ranks.place(0));
    }

    @Test
    void ranksOutOfOrderOrRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new NodeRanks(4, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new NodeRanks(4, 2, 1));
        assertThrows(IllegalArgumentException.class, () -> new NodeRanks(4, 4));
        assertThrows(IllegalArgumentException.class, () -> new NodeRanks(4, -1));
    }
}
