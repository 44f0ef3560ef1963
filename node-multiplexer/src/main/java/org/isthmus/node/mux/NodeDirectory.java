package org.isthmus.node.mux;

import org.isthmus.node.spi.EndpointAddress;

/**
 * The nodes of a job: which rank is on which, and where their multiplexers are reached. Immutable; any thread.
 */
public final class NodeDirectory {
    private final int[] nodeOfRank;
    private final int[] indexOnNode;
    private final int[] ranksOnNode;
    private final EndpointAddress[][] addresses;

    /**
     * @param nodeOfRank node of each rank of the job
     * @param addresses of the nodes' multiplexers, by node and shard
     */
    public NodeDirectory(int[] nodeOfRank, EndpointAddress[][] addresses) {
        this.nodeOfRank = nodeOfRank.clone();
        this.indexOnNode = new int[nodeOfRank.length];
        this.ranksOnNode = new int[addresses.length];
        this.addresses = addresses.clone();
        for (int rank = 0; rank < nodeOfRank.length; rank++) {
            if (nodeOfRank[rank] < 0 || nodeOfRank[rank] >= addresses.length) {
                throw new IllegalArgumentException("rank " + rank + " is on node " + nodeOfRank[rank] + "; there are "
                        + addresses.length + " nodes");
            }
            indexOnNode[rank] = ranksOnNode[nodeOfRank[rank]]++;
        }
    }

    public int count() {
        return addresses.length;
    }

    public int nodeOf(int rank) {
        return nodeOfRank[rank];
    }

    /** How many ranks of lower number its node has. */
    public int indexOnNode(int rank) {
        return indexOnNode[rank];
    }

    public int ranksOn(int node) {
        return ranksOnNode[node];
    }

    public EndpointAddress address(int node, int shard) {
        return addresses[node][shard];
    }
}
