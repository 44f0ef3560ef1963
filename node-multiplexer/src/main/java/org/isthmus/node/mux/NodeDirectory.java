package org.isthmus.node.mux;

import org.isthmus.node.spi.EndpointAddress;

/**
 * The nodes of a job: which rank is on which, and where their multiplexers are reached. Immutable; any thread.
 */
public final class NodeDirectory {
    private final int[] nodeOfRank;
    private final EndpointAddress[] addresses;

    /**
     * @param nodeOfRank node of each rank of the job
     * @param addresses of the nodes' multiplexers
     */
    public NodeDirectory(int[] nodeOfRank, EndpointAddress[] addresses) {
        this.nodeOfRank = nodeOfRank.clone();
        this.addresses = addresses.clone();
        for (int rank = 0; rank < nodeOfRank.length; rank++) {
            if (nodeOfRank[rank] < 0 || nodeOfRank[rank] >= addresses.length) {
                throw new IllegalArgumentException("rank " + rank + " is on node " + nodeOfRank[rank] + "; there are "
                        + addresses.length + " nodes");
            }
        }
    }

    public int count() {
        return addresses.length;
    }

    public int nodeOf(int rank) {
        return nodeOfRank[rank];
    }

    public EndpointAddress address(int node) {
        return addresses[node];
    }
}
