package org.isthmus.comm.topology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodePlacementTest {
    private static CartTopology grid(int... dims) {
        return new CartTopology(dims, new boolean[dims.length]);
    }

    private static long crossings(CartTopology grid, int[] nodes, int[] place) {
        return NodePlacement.crossings(grid.adjacency(), nodes, place);
    }

    private static void isPlacement(int[] place, int vertices, int processes) {
        assertEquals(vertices, place.length);
        assertEquals(vertices, Arrays.stream(place).distinct().filter(p -> p >= 0 && p < processes).count());
    }

    @Test
    void nothingMovesOnOneNode() {
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, NodePlacement.ofGrid(grid(2, 3), new int[8]));
        assertArrayEquals(new int[] {0, 1}, NodePlacement.ofGraph(new int[][] {{1}, {0}}, new int[] {3, 3, 3}));
    }

    @Test
    void nodesGetBlocksOfAGrid() {
        CartTopology grid = grid(8, 8);
        int[] byRows = IntStream.range(0, 64).map(i -> i / 16).toArray();
        int[] place = NodePlacement.ofGrid(grid, byRows);
        isPlacement(place, 64, 64);
        // Four blocks of 4 x 4: 16 edges cross, each counted at both ends; rows of 2 x 8 would have 24.
        assertEquals(32, crossings(grid, byRows, place));
        int[] aroundTheNodes = IntStream.range(0, 64).map(i -> i % 4).toArray();
        assertEquals(32, crossings(grid, aroundTheNodes, NodePlacement.ofGrid(grid, aroundTheNodes)));
    }

    @Test
    void unevenNodesStillGetNeighbours() {
        CartTopology grid = grid(5, 4);
        int[] nodes = IntStream.range(0, 23).map(i -> i % 3 == 0 ? 7 : 2).toArray();
        int[] place = NodePlacement.ofGrid(grid, nodes);
        isPlacement(place, 20, 23);
        int[] identity = IntStream.range(0, 20).toArray();
        assertTrue(crossings(grid, nodes, place) < crossings(grid, nodes, identity) / 2);
    }

    @Test
    void clustersOfAGraphStayTogether() {
        // Two triangles, even and odd vertices, joined by one edge; processes 0 to 2 on one node, 3 to 5 on another.
        int[][] adjacency = {{2, 4, 1}, {3, 5, 0}, {0, 4}, {1, 5}, {0, 2}, {1, 3}};
        int[] nodes = {0, 0, 0, 1, 1, 1};
        int[] place = NodePlacement.ofGraph(adjacency, nodes);
        isPlacement(place, 6, 6);
        assertEquals(2, NodePlacement.crossings(adjacency, nodes, place));
    }

    @Test
    void neverWorseThanWithout() {
        Random random = new Random(7);
        for (int trial = 0; trial < 200; trial++) {
            int vertices = 1 + random.nextInt(20);
            int[] nodes = random.ints(vertices + random.nextInt(3), 0, 4).toArray();
            int[][] adjacency = new int[vertices][];
            Arrays.setAll(adjacency, v -> random.ints(random.nextInt(5), 0, vertices).toArray());
            int[] place = NodePlacement.ofGraph(adjacency, nodes);
            isPlacement(place, vertices, nodes.length);
            assertTrue(NodePlacement.crossings(adjacency, nodes, place)
                    <= NodePlacement.crossings(adjacency, nodes, IntStream.range(0, vertices).toArray()));
        }
    }
}
