package mpi;

/** A graph as given to {@link Intracomm#createGraph}. */
public final class GraphParms {
    private final int[] index;
    private final int[] edges;

    /** The arrays are kept. */
    GraphParms(int[] index, int[] edges) {
        this.index = index;
        this.edges = edges;
    }

    /** Number of neighbours of vertices 0 to {@code i}. */
    public int getIndex(int i) {
        return index[i];
    }

    public int getEdge(int i) {
        return edges[i];
    }

    /** Number of vertices. */
    public int getIndexCount() {
        return index.length;
    }

    public int getEdgeCount() {
        return edges.length;
    }
}
