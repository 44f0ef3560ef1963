package org.isthmus.comm.topology;

import java.util.Arrays;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/** A grid of processes, ranks in row-major order (MPI 3.1, sections 7.5.1 and 7.5.5). */
public final class CartTopology implements Topology {
    private final int[] dims;
    private final boolean[] periods;
    private final int size;

    /**
     * @param dims processes in each dimension, 1 or more; none: a grid of one process
     * @param periods whether each dimension is a ring; entries beyond those of {@code dims} are ignored
     * @throws CommException {@code DIMS} or {@code ARG}
     */
    public CartTopology(int[] dims, boolean[] periods) {
        if (dims == null || periods == null) {
            throw bad((dims == null ? "dims" : "periods") + " is null; an array is needed");
        }
        if (periods.length < dims.length) {
            throw bad("periods has " + periods.length + " entries; it must have one for each of dims, " + dims.length);
        }
        long product = 1;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] < 1) {
                throw new CommException(ErrorClass.DIMS, "dims[" + i + "] is " + dims[i] + "; it must be 1 or more");
            }
            product = Math.min(Integer.MAX_VALUE, product * dims[i]);
        }
        this.dims = dims.clone();
        this.periods = Arrays.copyOf(periods, dims.length);
        this.size = (int) product;
    }

    /** Processes of the grid; 2^31 - 1 when there are more. */
    public int size() {
        return size;
    }

    public int[] dims() {
        return dims.clone();
    }

    public boolean[] periods() {
        return periods.clone();
    }

    /** @param rank from 0 to {@link #size()} - 1 */
    public int[] coords(int rank) {
        int[] coords = new int[dims.length];
        int rest = rank;
        for (int i = dims.length - 1; i >= 0; i--) {
            coords[i] = rest % dims[i];
            rest /= dims[i];
        }
        return coords;
    }

    /**
     * Coordinates of a periodic dimension wrap around.
     *
     * @throws CommException {@code ARG} for others outside the grid
     */
    public int rank(int[] coords) {
        if (coords == null || coords.length < dims.length) {
            throw bad("coords " + (coords == null ? "is null" : "has " + coords.length + " entries")
                    + "; it must have one for each of the " + dims.length + " dimensions");
        }
        int rank = 0;
        for (int i = 0; i < dims.length; i++) {
            if (!periods[i] && (coords[i] < 0 || coords[i] >= dims[i])) {
                throw bad("coords[" + i + "] is " + coords[i] + "; it must be from 0 to " + (dims[i] - 1)
                        + ": the dimension is not periodic");
            }
            rank = rank * dims[i] + Math.floorMod(coords[i], dims[i]);
        }
        return rank;
    }

    /** The rank {@code displacement} steps from {@code rank} on, {@link Neighborhood#NONE} beyond the edge. */
    public int shifted(int rank, int direction, long displacement) {
        if (direction < 0 || direction >= dims.length) {
            throw new CommException(ErrorClass.DIMS, "direction is " + direction + "; "
                    + (dims.length == 0 ? "the grid has no dimension" : "it must be from 0 to " + (dims.length - 1)));
        }
        int[] coords = coords(rank);
        long moved = coords[direction] + displacement;
        if (!periods[direction] && (moved < 0 || moved >= dims[direction])) {
            return Neighborhood.NONE;
        }
        coords[direction] = (int) Math.floorMod(moved, (long) dims[direction]);
        return rank(coords);
    }

    /** The grid of the dimensions that {@code remain} names. */
    public CartTopology sub(boolean[] remain) {
        checkRemain(remain);
        int[] subDims = new int[dims.length];
        boolean[] subPeriods = new boolean[dims.length];
        int length = 0;
        for (int i = 0; i < dims.length; i++) {
            if (remain[i]) {
                subDims[length] = dims[i];
                subPeriods[length++] = periods[i];
            }
        }
        return new CartTopology(Arrays.copyOf(subDims, length), Arrays.copyOf(subPeriods, length));
    }

    /** Which of the grids that {@link #sub} makes {@code rank} belongs to: its place in the other dimensions. */
    public int subgrid(int rank, boolean[] remain) {
        checkRemain(remain);
        int[] coords = coords(rank);
        int subgrid = 0;
        for (int i = 0; i < dims.length; i++) {
            if (!remain[i]) {
                subgrid = subgrid * dims[i] + coords[i];
            }
        }
        return subgrid;
    }

    private void checkRemain(boolean[] remain) {
        if (remain == null || remain.length < dims.length) {
            throw bad("remainDims " + (remain == null ? "is null" : "has " + remain.length + " entries")
                    + "; it must have one for each of the " + dims.length + " dimensions");
        }
    }

    /**
     * In each dimension the neighbour before, then the one after. The block for the one after is sent first: where both
     * are one process (a ring of one or two), its first receive is that from before (MPI 4.0, section 8.6).
     */
    @Override
    public Neighborhood neighborhood(int rank) {
        int[] neighbors = new int[2 * dims.length];
        int[] sendOrder = new int[2 * dims.length];
        for (int i = 0; i < dims.length; i++) {
            neighbors[2 * i] = shifted(rank, i, -1);
            neighbors[2 * i + 1] = shifted(rank, i, 1);
            sendOrder[2 * i] = 2 * i + 1;
            sendOrder[2 * i + 1] = 2 * i;
        }
        return new Neighborhood(neighbors, neighbors, sendOrder);
    }

    /** The neighbours of every rank, those beyond an edge left out. */
    public int[][] adjacency() {
        int[][] all = new int[size][];
        Arrays.setAll(all, rank -> Arrays.stream(neighborhood(rank).sources())
                .filter(neighbor -> neighbor != Neighborhood.NONE).toArray());
        return all;
    }

    private static CommException bad(String message) {
        return new CommException(ErrorClass.ARG, message);
    }
}
