package org.isthmus.comm.coll.spread;

import org.isthmus.comm.coll.Collectives;
import org.isthmus.comm.group.Communicator;

/**
 * What this member needs for the phases of a collective over several nodes.
 *
 * @param rank of this member
 * @param here the members of this node, whose rank 0 is the leader
 * @param local collectives among them
 * @param between collectives among the leaders of all nodes, of which this member's rank is its node; null unless it is
 *        one
 */
record Parts(int rank, NodeGroups groups, Communicator here, Collectives local, Collectives between) {
    boolean isLeader() {
        return between != null;
    }

    int node() {
        return groups.nodeOf(rank);
    }

    int[] members() {
        return groups.members(node());
    }
}
