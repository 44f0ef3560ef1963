package org.isthmus.comm.topology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.junit.jupiter.api.Test;

class GraphTopologyTest {
    @Test
    void neighboursOfTheExampleInTheStandard() {
        GraphTopology graph = new GraphTopology(new int[] {2, 3, 4, 6}, new int[] {1, 3, 0, 3, 0, 2});
        assertEquals(4, graph.vertices());
        assertArrayEquals(new int[] {1, 3}, graph.neighbors(0));
        assertArrayEquals(new int[] {0}, graph.neighbors(1));
        assertArrayEquals(new int[] {0, 2}, graph.adjacency()[3]);
        assertArrayEquals(new int[] {3}, graph.neighborhood(2).destinations());
        assertArrayEquals(new int[] {0, 1}, graph.neighborhood(3).sendOrder());
    }

    @Test
    void edgesBeyondTheLastIndexAreNoEdges() {
        assertArrayEquals(new int[] {1}, new GraphTopology(new int[] {1, 1}, new int[] {1, 0, 9}).edges());
        assertEquals(0, new GraphTopology(new int[0], new int[0]).vertices());
    }

    @Test
    void wrongArguments() {
        refused("index is null", null, new int[0]);
        refused("edges is null", new int[0], null);
        refused("index[1] is 1", new int[] {2, 1}, new int[2]);
        refused("index[0] is 3", new int[] {3}, new int[2]);
        refused("edges[1] is 2", new int[] {1, 2}, new int[] {0, 2});
        refused("edges[0] is -1", new int[] {1, 1}, new int[] {-1});
    }

    private static void refused(String part, int[] index, int[] edges) {
        CommException e = assertThrows(CommException.class, () -> new GraphTopology(index, edges));
        assertEquals(ErrorClass.ARG, e.errorClass());
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }
}
