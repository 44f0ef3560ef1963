package org.isthmus.node.bootstrap.exchange;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which rank runs on which node. Nodes are numbered in the order of their lowest ranks, local ranks in the order of
 * ranks, so every process computes the same map from the same values. Immutable.
 */
public final class NodeMap {
    private static final String KEY = "node";

    private final int[] nodeOfRank;
    private final int[] localRankOfRank;
    private final int[][] ranksOfNode;

    private NodeMap(int[] nodeOfRank, int nodes) {
        this.nodeOfRank = nodeOfRank;
        int[] counts = new int[nodes];
        localRankOfRank = new int[nodeOfRank.length];
        for (int rank = 0; rank < nodeOfRank.length; rank++) {
            localRankOfRank[rank] = counts[nodeOfRank[rank]]++;
        }
        ranksOfNode = new int[nodes][];
        for (int node = 0; node < nodes; node++) {
            ranksOfNode[node] = new int[counts[node]];
        }
        for (int rank = 0; rank < nodeOfRank.length; rank++) {
            ranksOfNode[nodeOfRank[rank]][localRankOfRank[rank]] = rank;
        }
    }

    /**
     * The map of a job.
     *
     * @param identities what each rank says of its node, by rank, at least one; equal bytes mean the same node
     */
    public static NodeMap of(List<byte[]> identities) {
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("0 identities given; a job has at least one rank");
        }
        Map<ByteBuffer, Integer> nodes = new HashMap<>();
        int[] nodeOfRank = new int[identities.size()];
        for (int rank = 0; rank < nodeOfRank.length; rank++) {
            Integer next = nodes.size();
            Integer known = nodes.putIfAbsent(ByteBuffer.wrap(identities.get(rank).clone()), next);
            nodeOfRank[rank] = known == null ? next : known;
        }
        return new NodeMap(nodeOfRank, nodes.size());
    }

    /** The map of the job whose ranks all call this with their own identities; passes one fence. */
    public static NodeMap exchange(Exchange exchange, NodeIdentity own) {
        exchange.put(KEY, own.encode());
        exchange.fence();
        List<byte[]> identities = new ArrayList<>();
        for (int rank = 0; rank < exchange.size(); rank++) {
            identities.add(exchange.get(rank, KEY));
        }
        return of(identities);
    }

    public int ranks() {
        return nodeOfRank.length;
    }

    public int nodes() {
        return ranksOfNode.length;
    }

    /** Number of the node of a rank, from 0. */
    public int node(int rank) {
        return nodeOfRank[rank];
    }

    /** Index of a rank among the ranks of its node. */
    public int localRank(int rank) {
        return localRankOfRank[rank];
    }

    /** How many ranks the node of a rank has. */
    public int localSize(int rank) {
        return ranksOfNode[nodeOfRank[rank]].length;
    }

    /** The ranks of a node in ascending order; the first one, its local rank 0, leads. */
    public int[] ranksOn(int node) {
        return ranksOfNode[node].clone();
    }

    @Override
    public String toString() {
        return ranks() + " ranks on " + nodes() + " nodes: " + Arrays.deepToString(ranksOfNode);
    }
}
