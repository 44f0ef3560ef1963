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
        assertEquals(3, ranks.multiplexer(0));
        assertEquals(1, ranks.place(4));
        assertEquals(5, ranks.rank(2));
        assertEquals(NodeRanks.ELSEWHERE, ranks.place(0));
    }

    @Test
    void eachShardHasAPlaceAndEachPairOfRanksOneOfThem() {
        NodeRanks ranks = new NodeRanks(6, 1, 4, 5).withShards(3);
        assertEquals(6, ranks.places());
        assertEquals(5, ranks.multiplexer(2));
        assertTrue(ranks.isMultiplexer(3));
        assertFalse(ranks.isMultiplexer(2));
        assertThrows(IllegalArgumentException.class, () -> ranks.withShards(0));
    }

    @Test
    void theOnlyNodeOfAJobHasPlacesForAMultiplexerWhenItHasOne() {
        NodeRanks ranks = new NodeRanks(2, 0, 1).withShards(2);
        assertTrue(ranks.isWholeJob());
        assertEquals(4, ranks.places());
        assertEquals(0, NodeRanks.all(2).shards());
    }

    @Test
    void shardsAreTheSameOnAllNodesAndBothWaysAndAboutEqual() {
        int jobSize = 64;
        for (int shards : new int[] {1, 2, 3, 4, 16}) {
            NodeRanks here = new NodeRanks(jobSize, 0, 1).withShards(shards);
            NodeRanks there = new NodeRanks(jobSize, 2, 3).withShards(shards);
            int[] pairs = new int[shards];
            for (int rank = 0; rank < jobSize; rank++) {
                for (int other = 0; other < rank; other++) {
                    int shard = here.shardOf(rank, other);
                    assertEquals(shard, there.shardOf(other, rank));
                    pairs[shard]++;
                }
            }
            int even = jobSize * (jobSize - 1) / 2 / shards;
            for (int count : pairs) {
                assertTrue(count > even * 3 / 4 && count < even * 5 / 4, count + " pairs of " + even);
            }
        }
    }

    @Test
    void ranksOutOfOrderOrRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new NodeRanks(4, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new NodeRanks(4, 2, 1));
        assertThrows(IllegalArgumentException.class, () -> new NodeRanks(4, 4));
        assertThrows(IllegalArgumentException.class, () -> new NodeRanks(4, -1));
    }
}
