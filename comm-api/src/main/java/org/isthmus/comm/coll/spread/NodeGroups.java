package org.isthmus.comm.coll.spread;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.isthmus.comm.group.Communicator;

/**
 * The members of a communicator by node. Nodes are numbered in the order of their lowest member, which is their leader.
 * Immutable, equal on all members.
 */
final class NodeGroups {
    private final int[][] members;
    private final int[] nodeOf;
    private final int[] placeOf;
    private final boolean ordered;

    /** @param nodeOfWorld node of each rank of the job */
    NodeGroups(Communicator comm, IntUnaryOperator nodeOfWorld) {
        Map<Integer, List<Integer>> byNode = new LinkedHashMap<>();
        for (int rank = 0; rank < comm.size(); rank++) {
            byNode.computeIfAbsent(nodeOfWorld.applyAsInt(comm.worldRank(rank)), node -> new ArrayList<>()).add(rank);
        }
        this.members = byNode.values().stream().map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
        this.nodeOf = new int[comm.size()];
        this.placeOf = new int[comm.size()];
        boolean consecutive = true;
        for (int node = 0; node < members.length; node++) {
            for (int place = 0; place < members[node].length; place++) {
                int rank = members[node][place];
                nodeOf[rank] = node;
                placeOf[rank] = place;
                consecutive &= rank == members[node][0] + place;
            }
        }
        this.ordered = consecutive;
    }

    int nodes() {
        return members.length;
    }

    /** Ranks of the members on {@code node}, ascending. */
    int[] members(int node) {
        return members[node];
    }

    int nodeOf(int rank) {
        return nodeOf[rank];
    }

    /** Index of {@code rank} among the members of its node; 0 is the leader. */
    int placeOf(int rank) {
        return placeOf[rank];
    }

    /** Rank of each node's leader. */
    int[] leaders() {
        int[] leaders = new int[members.length];
        for (int node = 0; node < leaders.length; node++) {
            leaders[node] = members[node][0];
        }
        return leaders;
    }

    /** Whether the members of each node are consecutive ranks, and so the nodes in rank order. */
    boolean isOrdered() {
        return ordered;
    }

    /** Whether phases inside nodes save anything: several nodes, of which one has several members. */
    boolean isWorthwhile() {
        return members.length > 1 && members.length < nodeOf.length;
    }
}
