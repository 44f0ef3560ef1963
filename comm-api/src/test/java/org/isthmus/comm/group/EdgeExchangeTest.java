package org.isthmus.comm.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.isthmus.comm.fixture.MemoryJob;
import org.isthmus.comm.topology.DistGraphTopology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EdgeExchangeTest {
    @Test
    void edgesOfOthersArriveAtBothEnds() throws Exception {
        new MemoryJob().run(3, world -> {
            EdgeExchange edges = new EdgeExchange(world);
            if (world.rank() == 2) {
                edges.add(0, 1, 5);
                edges.add(0, 1, 6);
                edges.add(1, 1, 7);
            }
            if (world.rank() == 1) {
                edges.add(0, 1, 4);
            }
            DistGraphTopology part = edges.exchange(new int[] {0, 1, 2}, true);
            assertTrue(part.weighted());
            assertArrayEquals(new int[][] {{}, {0, 0, 0, 1}, {}}[world.rank()], part.sources());
            assertArrayEquals(new int[][] {{}, {4, 5, 6, 7}, {}}[world.rank()], part.sourceWeights());
            assertArrayEquals(new int[][] {{1, 1, 1}, {1}, {}}[world.rank()], part.destinations());
            assertArrayEquals(new int[][] {{4, 5, 6}, {7}, {}}[world.rank()], part.destinationWeights());
        });
    }

    @Test
    void verticesFollowTheirPlace() throws Exception {
        new MemoryJob().run(4, world -> {
            int rank = world.rank();
            EdgeExchange edges = new EdgeExchange(world);
            // A chain 0 - 2 and a chain 1 - 3, each named by its ends, on nodes {0, 1} and {2, 3}.
            int other = (rank + 2) % 4;
            edges.addIn(other, rank, 10 + rank);
            edges.addOut(rank, other, 20 + rank);
            int[] place = edges.placement(new int[] {0, 0, 1, 1});
            assertArrayEquals(new int[] {0, 2, 1, 3}, place);
            DistGraphTopology part = edges.exchange(place, true);
            int vertex = new int[] {0, 2, 1, 3}[rank];
            assertArrayEquals(new int[] {(vertex + 2) % 4}, part.sources());
            assertArrayEquals(new int[] {10 + vertex}, part.sourceWeights());
            assertArrayEquals(new int[] {(vertex + 2) % 4}, part.destinations());
            assertEquals(20 + vertex, part.destinationWeights()[0]);
        });
    }
}
