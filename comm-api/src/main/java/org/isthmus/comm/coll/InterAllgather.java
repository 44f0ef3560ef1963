package org.isthmus.comm.coll;

/**
 * Allgather and allgatherv on an intercommunicator: every rank sends its block to every rank of the other group. Cost:
 * q (alpha + n beta), q ranks in the other group, n a block.
 */
final class InterAllgather implements InterAlgorithm {
    @Override
    public void build(CollectiveCall call, Schedule s, InterGroups groups) {
        for (int i = 0; i < groups.remoteSize(); i++) {
            s.receive(call.receive(i), call.receiveCount(i), call.receiveType(), groups.remote(i));
        }
        for (int distance = 0; distance < groups.remoteSize(); distance++) {
            int i = (groups.localRank() + distance) % groups.remoteSize();
            s.send(call.send(), call.sendCount(), call.sendType(), groups.remote(i));
        }
    }
}
