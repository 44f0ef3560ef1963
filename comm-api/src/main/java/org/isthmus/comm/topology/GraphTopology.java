package org.isthmus.comm.topology;

import java.util.Arrays;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/** A graph that every process knows whole (MPI 3.1, section 7.5.3). */
public final class GraphTopology implements Topology {
    private final int[] index;
    private final int[] edges;

    /**
     * @param index entry i is the number of neighbours of ranks 0 to i; one entry for each vertex
     * @param edges the neighbours of rank 0, then of rank 1, and so on
     * @throws CommException {@code ARG}
     */
    public GraphTopology(int[] index, int[] edges) {
        check(index, edges);
        this.index = index.clone();
        this.edges = Arrays.copyOf(edges, vertices() == 0 ? 0 : index[index.length - 1]);
    }

    private static void check(int[] index, int[] edges) {
        if (index == null || edges == null) {
            throw bad((index == null ? "index" : "edges") + " is null; an array is needed");
        }
        int before = 0;
        for (int i = 0; i < index.length; i++) {
            if (index[i] < before || index[i] > edges.length) {
                throw bad("index[" + i + "] is " + index[i] + "; it must be from " + before
                        + " (the entry before it) to " + edges.length + " (the entries of edges)");
            }
            before = index[i];
        }
        for (int i = 0; i < before; i++) {
            if (edges[i] < 0 || edges[i] >= index.length) {
                throw bad("edges[" + i + "] is " + edges[i] + "; it must be a vertex from 0 to " + (index.length - 1));
            }
        }
    }

    private static CommException bad(String message) {
        return new CommException(ErrorClass.ARG, message);
    }

    public int vertices() {
        return index.length;
    }

    public int[] index() {
        return index.clone();
    }

    public int[] edges() {
        return edges.clone();
    }

    public int[] neighbors(int rank) {
        return Arrays.copyOfRange(edges, rank == 0 ? 0 : index[rank - 1], index[rank]);
    }

    /** The neighbours of every vertex. */
    public int[][] adjacency() {
        int[][] all = new int[vertices()][];
        Arrays.setAll(all, this::neighbors);
        return all;
    }

    @Override
    public Neighborhood neighborhood(int rank) {
        int[] neighbors = neighbors(rank);
        return Neighborhood.of(neighbors, neighbors);
    }
}
