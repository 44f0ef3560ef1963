package org.isthmus.comm.topology;

import java.util.Arrays;

/**
 * Gives the vertices of a topology to processes so that few edges cross between nodes. Everybody computes the same.
 *
 * <p>Three candidates, of which the one with the fewest edges between nodes wins: process i takes vertex i; blocks of a
 * grid, one for each node (Gropp, "Using node and socket information to implement MPI Cartesian topologies", Parallel
 * Computing 85, 2019); parts of a graph grown one after another, each by the vertex with most neighbours in it already,
 * of several by the one with fewest neighbours elsewhere.
 */
public final class NodePlacement {
    private NodePlacement() {}

    /**
     * @param nodes the node of each process; at least as many processes as the grid has places
     * @return the process of each vertex
     */
    public static int[] ofGrid(CartTopology grid, int[] nodes) {
        if (isOneNode(nodes)) {
            return identity(grid.size());
        }
        int[][] adjacency = grid.adjacency();
        int[] best = best(adjacency, nodes, identity(grid.size()), grown(adjacency, nodes));
        int[] blocks = blocks(grid, nodes);
        return blocks == null ? best : best(adjacency, nodes, best, blocks);
    }

    /**
     * @param adjacency the neighbours of each vertex
     * @param nodes the node of each process; at least as many processes as vertices
     * @return the process of each vertex
     */
    public static int[] ofGraph(int[][] adjacency, int[] nodes) {
        int[] identity = identity(adjacency.length);
        return isOneNode(nodes) ? identity : best(adjacency, nodes, identity, grown(adjacency, nodes));
    }

    /** Whether there is nothing to place: all processes are on one node. */
    public static boolean isOneNode(int[] nodes) {
        return Arrays.stream(nodes).allMatch(node -> node == nodes[0]);
    }

    private static int[] identity(int size) {
        int[] identity = new int[size];
        Arrays.setAll(identity, i -> i);
        return identity;
    }

    private static int[] best(int[][] adjacency, int[] nodes, int[] first, int[] second) {
        return crossings(adjacency, nodes, second) < crossings(adjacency, nodes, first) ? second : first;
    }

    /** Edges between nodes when {@code place[v]} is the process of vertex v. */
    static long crossings(int[][] adjacency, int[] nodes, int[] place) {
        long crossings = 0;
        for (int vertex = 0; vertex < adjacency.length; vertex++) {
            for (int neighbor : adjacency[vertex]) {
                crossings += nodes[place[vertex]] == nodes[place[neighbor]] ? 0 : 1;
            }
        }
        return crossings;
    }

    private static int[] grown(int[][] adjacency, int[] nodes) {
        int vertices = adjacency.length;
        int[] place = new int[vertices];
        boolean[] placed = new boolean[vertices];
        boolean[] used = new boolean[nodes.length];
        int[] open = new int[vertices];
        Arrays.setAll(open, vertex -> adjacency[vertex].length);
        int done = 0;
        for (int first = 0; first < nodes.length && done < vertices; first++) {
            if (used[first]) {
                continue;
            }
            int[] inside = new int[vertices];
            for (int process = first; process < nodes.length && done < vertices; process++) {
                if (nodes[process] == nodes[first]) {
                    int vertex = nearest(inside, open, placed);
                    place[vertex] = process;
                    placed[vertex] = true;
                    used[process] = true;
                    done++;
                    for (int neighbor : adjacency[vertex]) {
                        inside[neighbor]++;
                        open[neighbor]--;
                    }
                }
            }
        }
        return place;
    }

    private static int nearest(int[] inside, int[] open, boolean[] placed) {
        int nearest = -1;
        for (int vertex = 0; vertex < inside.length; vertex++) {
            if (!placed[vertex] && (nearest < 0 || inside[vertex] > inside[nearest]
                    || inside[vertex] == inside[nearest] && open[vertex] < open[nearest])) {
                nearest = vertex;
            }
        }
        return nearest;
    }

    /** Null unless the grid's processes are all there are, as many on each node, and their number makes a block. */
    private static int[] blocks(CartTopology grid, int[] nodes) {
        int[] sorted = identityByNode(nodes);
        int perNode = 1;
        while (perNode < nodes.length && nodes[sorted[perNode]] == nodes[sorted[0]]) {
            perNode++;
        }
        if (nodes.length != grid.size() || nodes.length % perNode != 0) {
            return null;
        }
        for (int i = 0; i < nodes.length; i++) {
            if (nodes[sorted[i]] != nodes[sorted[i - i % perNode]]
                    || i % perNode == 0 && i > 0 && nodes[sorted[i]] == nodes[sorted[i - 1]]) {
                return null;
            }
        }
        int[] dims = grid.dims();
        int[] block = new int[dims.length];
        double[] fewest = {Double.MAX_VALUE};
        chooseBlock(grid, new int[dims.length], 0, perNode, block, fewest);
        return fewest[0] == Double.MAX_VALUE ? null : placeBlocks(grid, dims, block, sorted, perNode);
    }

    /** The processes, those of one node together. */
    private static int[] identityByNode(int[] nodes) {
        return Arrays.stream(identity(nodes.length)).boxed().sorted((a, b) -> Integer.compare(nodes[a], nodes[b]))
                .mapToInt(Integer::intValue).toArray();
    }

    /** Sets {@code best} to the factors of {@code rest} that divide the dimensions and have the fewest edges cross. */
    private static void chooseBlock(CartTopology grid, int[] block, int from, int rest, int[] best, double[] fewest) {
        int[] dims = grid.dims();
        if (from == dims.length) {
            double crossing = 0;
            for (int i = 0; i < dims.length; i++) {
                int blocks = dims[i] / block[i];
                crossing += (double) (blocks > 1 && grid.periods()[i] ? blocks : blocks - 1) / dims[i];
            }
            if (rest == 1 && crossing < fewest[0]) {
                fewest[0] = crossing;
                System.arraycopy(block, 0, best, 0, dims.length);
            }
            return;
        }
        for (int factor = 1; factor <= Math.min(rest, dims[from]); factor++) {
            if (rest % factor == 0 && dims[from] % factor == 0) {
                block[from] = factor;
                chooseBlock(grid, block, from + 1, rest / factor, best, fewest);
            }
        }
    }

    private static int[] placeBlocks(CartTopology grid, int[] dims, int[] block, int[] processes, int perNode) {
        int[] place = new int[grid.size()];
        for (int vertex = 0; vertex < place.length; vertex++) {
            int[] coords = grid.coords(vertex);
            int node = 0;
            int inNode = 0;
            for (int i = 0; i < dims.length; i++) {
                node = node * (dims[i] / block[i]) + coords[i] / block[i];
                inNode = inNode * block[i] + coords[i] % block[i];
            }
            place[vertex] = processes[node * perNode + inNode];
        }
        return place;
    }
}
