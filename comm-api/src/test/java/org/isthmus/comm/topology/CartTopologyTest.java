package org.isthmus.comm.topology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CartTopologyTest {
    /** Rows are open, columns a ring. */
    private final CartTopology grid = new CartTopology(new int[] {3, 4}, new boolean[] {false, true});

    private static void refused(int errorClass, String part, Executable call) {
        CommException e = assertThrows(CommException.class, call);
        assertEquals(errorClass, e.errorClass());
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @Test
    void ranksAreRowMajor() {
        assertEquals(12, grid.size());
        for (int rank = 0; rank < 12; rank++) {
            assertArrayEquals(new int[] {rank / 4, rank % 4}, grid.coords(rank));
            assertEquals(rank, grid.rank(grid.coords(rank)));
        }
        assertEquals(7, grid.rank(new int[] {1, -1}));
        assertEquals(5, grid.rank(new int[] {1, 4001}));
    }

    @Test
    void shiftsEndAtOpenEdgesAndGoAroundRings() {
        assertEquals(Neighborhood.NONE, grid.shifted(1, 0, -1));
        assertEquals(9, grid.shifted(1, 0, 2));
        assertEquals(Neighborhood.NONE, grid.shifted(1, 0, 3));
        assertEquals(0, grid.shifted(3, 1, 1));
        assertEquals(3, grid.shifted(3, 1, Integer.MIN_VALUE));
        assertEquals(2, grid.shifted(3, 1, Integer.MAX_VALUE + 0L));
        refused(ErrorClass.DIMS, "direction is 2", () -> grid.shifted(0, 2, 1));
        refused(ErrorClass.DIMS, "direction is -1", () -> grid.shifted(0, -1, 1));
    }

    @Test
    void neighboursBeforeAndAfterInEachDimension() {
        Neighborhood neighbors = grid.neighborhood(3);
        assertArrayEquals(new int[] {Neighborhood.NONE, 7, 2, 0}, neighbors.sources());
        assertArrayEquals(neighbors.sources(), neighbors.destinations());
        assertArrayEquals(new int[] {1, 0, 3, 2}, neighbors.sendOrder());
        assertArrayEquals(new int[] {7, 2, 0}, grid.adjacency()[3]);
    }

    @Test
    void subgrids() {
        CartTopology column = grid.sub(new boolean[] {true, false});
        assertArrayEquals(new int[] {3}, column.dims());
        assertArrayEquals(new boolean[] {false}, column.periods());
        assertEquals(2, grid.subgrid(6, new boolean[] {true, false}));
        assertEquals(1, grid.subgrid(6, new boolean[] {false, true}));
        assertEquals(6, grid.subgrid(6, new boolean[] {false, false}));
        CartTopology point = grid.sub(new boolean[] {false, false});
        assertEquals(1, point.size());
        assertEquals(0, point.rank(new int[0]));
        refused(ErrorClass.ARG, "remainDims has 1", () -> grid.sub(new boolean[] {true}));
        refused(ErrorClass.DIMS, "no dimension", () -> point.shifted(0, 0, 1));
    }

    @Test
    void entriesBeyondTheDimensionsAreIgnored() {
        CartTopology ring = new CartTopology(new int[] {3}, new boolean[] {true, false});
        assertArrayEquals(new boolean[] {true}, ring.periods());
        assertArrayEquals(new int[0], ring.sub(new boolean[4]).dims());
    }

    @Test
    void wrongArguments() {
        boolean[] open = {false, false};
        refused(ErrorClass.ARG, "dims is null", () -> new CartTopology(null, open));
        refused(ErrorClass.ARG, "periods is null", () -> new CartTopology(new int[2], null));
        refused(ErrorClass.ARG, "periods has 2", () -> new CartTopology(new int[] {1, 1, 1}, open));
        refused(ErrorClass.DIMS, "dims[1] is 0", () -> new CartTopology(new int[] {1, 0}, open));
        refused(ErrorClass.ARG, "coords[0] is 3", () -> grid.rank(new int[] {3, 0}));
        refused(ErrorClass.ARG, "coords has 1", () -> grid.rank(new int[1]));
        assertEquals(Integer.MAX_VALUE, new CartTopology(new int[] {1 << 20, 1 << 20}, open).size());
    }
}
