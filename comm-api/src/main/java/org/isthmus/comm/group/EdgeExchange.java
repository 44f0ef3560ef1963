package org.isthmus.comm.group;

import java.util.Arrays;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.ScheduledCollectives;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.topology.DistGraphTopology;
import org.isthmus.comm.topology.NodePlacement;

/**
 * Brings the edges of a distributed graph, which any member may have named, to the members that they begin and end at.
 * Used by one call on one communicator, under the engine lock.
 *
 * <p>An edge travels as two records of four ints, one for each end: direction, vertex, other end, weight. They arrive
 * in order of who named them, so edges between the same two vertices are in one order at both.
 */
public final class EdgeExchange {
    private static final int RECORD = 4;
    private static final int IN = 0;
    private static final int OUT = 1;
    private static final TypeMap INT = TypeMap.of(Primitive.INT);

    private final Communicator comm;
    private final ScheduledCollectives collectives;
    private int[] records = new int[16 * RECORD];
    private int length;

    public EdgeExchange(Communicator comm) {
        this.comm = comm;
        this.collectives = new ScheduledCollectives(comm, AlgorithmTable.ofPointToPoint());
    }

    /** Names an edge, for both its ends. */
    public void add(int source, int destination, int weight) {
        addIn(source, destination, weight);
        addOut(source, destination, weight);
    }

    /** Names an edge for its destination only. */
    public void addIn(int source, int destination, int weight) {
        add(IN, destination, source, weight);
    }

    /** Names an edge for its source only. */
    public void addOut(int source, int destination, int weight) {
        add(OUT, source, destination, weight);
    }

    private void add(int direction, int vertex, int other, int weight) {
        if (length == records.length) {
            records = Arrays.copyOf(records, 2 * length);
        }
        records[length] = direction;
        records[length + 1] = vertex;
        records[length + 2] = other;
        records[length + 3] = weight;
        length += RECORD;
    }

    /**
     * The member that each vertex is to be on, so that few edges cross between nodes. Collective.
     *
     * @param nodes the node of each member
     */
    public int[] placement(int[] nodes) {
        int size = comm.size();
        int[] counts = new int[size];
        collectives.allgather(new int[] {length}, 0, 1, INT, counts, 0, 1, INT);
        int[] displacements = starts(counts);
        int[] all = new int[displacements[size]];
        collectives.allgatherv(records, 0, length, INT, all, 0, counts, displacements, INT);
        int[] degrees = new int[size];
        for (int i = 0; i < all.length; i += RECORD) {
            degrees[all[i + 1]]++;
        }
        int[][] adjacency = new int[size][];
        Arrays.setAll(adjacency, vertex -> new int[degrees[vertex]]);
        for (int i = 0; i < all.length; i += RECORD) {
            adjacency[all[i + 1]][--degrees[all[i + 1]]] = all[i + 2];
        }
        return NodePlacement.ofGraph(adjacency, nodes);
    }

    /**
     * What this member is to know of the graph. Collective.
     *
     * @param place the member that each vertex is on
     */
    public DistGraphTopology exchange(int[] place, boolean weighted) {
        int size = comm.size();
        int[] sendCounts = new int[size];
        for (int i = 0; i < length; i += RECORD) {
            sendCounts[place[records[i + 1]]] += RECORD;
        }
        int[] sendStarts = starts(sendCounts);
        int[] sorted = new int[length];
        int[] next = sendStarts.clone();
        for (int i = 0; i < length; i += RECORD) {
            int to = place[records[i + 1]];
            System.arraycopy(records, i, sorted, next[to], RECORD);
            next[to] += RECORD;
        }
        int[] receiveCounts = new int[size];
        collectives.alltoall(sendCounts, 0, 1, INT, receiveCounts, 0, 1, INT);
        int[] receiveStarts = starts(receiveCounts);
        int[] received = new int[receiveStarts[size]];
        collectives.alltoallv(sorted, 0, sendCounts, sendStarts, INT, received, 0, receiveCounts, receiveStarts, INT);
        return new DistGraphTopology(column(received, IN, 2), column(received, IN, 3), column(received, OUT, 2),
                column(received, OUT, 3), weighted);
    }

    private static int[] column(int[] records, int direction, int column) {
        int[] values = new int[records.length / RECORD];
        int count = 0;
        for (int i = 0; i < records.length; i += RECORD) {
            if (records[i] == direction) {
                values[count++] = records[i + column];
            }
        }
        return Arrays.copyOf(values, count);
    }

    /** Where each block begins, and the end of the last. */
    private static int[] starts(int[] counts) {
        int[] starts = new int[counts.length + 1];
        for (int i = 0; i < counts.length; i++) {
            starts[i + 1] = Math.addExact(starts[i], counts[i]);
        }
        return starts;
    }
}
