package org.isthmus.comm.coll;

/**
 * Scatter and scatterv on an intercommunicator: the root sends to every rank of the other group. Cost at the root:
 * q (alpha + n beta), q ranks in the other group, n a block.
 */
final class InterScatter implements InterAlgorithm {
    @Override
    public void build(CollectiveCall call, Schedule s, InterGroups groups) {
        if (call.root() == Collectives.ROOT) {
            for (int i = 0; i < groups.remoteSize(); i++) {
                s.send(call.send(i), call.sendCount(i), call.sendType(), groups.remote(i));
            }
        } else if (call.root() >= 0) {
            s.receive(call.receive(), call.receiveCount(), call.receiveType(), groups.remote(call.root()));
        }
    }
}
