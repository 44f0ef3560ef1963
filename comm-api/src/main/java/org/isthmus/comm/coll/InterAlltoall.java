package org.isthmus.comm.coll;

/**
 * Alltoall, alltoallv and alltoallw on an intercommunicator: every rank sends a block to every rank of the other group,
 * each beginning with another. Cost: q (alpha + n beta), q ranks in the other group, n a block.
 */
final class InterAlltoall implements InterAlgorithm {
    @Override
    public void build(CollectiveCall call, Schedule s, InterGroups groups) {
        for (int i = 0; i < groups.remoteSize(); i++) {
            s.receive(call.receive(i), call.receiveCount(i), call.receiveType(i), groups.remote(i));
        }
        for (int distance = 0; distance < groups.remoteSize(); distance++) {
            int i = (groups.localRank() + distance) % groups.remoteSize();
            s.send(call.send(i), call.sendCount(i), call.sendType(i), groups.remote(i));
        }
    }
}
