package org.isthmus.comm.coll;

/**
 * Gather and gatherv on an intercommunicator: every rank of the other group sends to the root, which receives straight
 * into place. Cost at the root: q (alpha + n beta), q ranks in the other group, n a block.
 */
final class InterGather implements InterAlgorithm {
    @Override
    public void build(CollectiveCall call, Schedule s, InterGroups groups) {
        if (call.root() == Collectives.ROOT) {
            for (int i = 0; i < groups.remoteSize(); i++) {
                s.receive(call.receive(i), call.receiveCount(i), call.receiveType(), groups.remote(i));
            }
        } else if (call.root() >= 0) {
            s.send(call.send(), call.sendCount(), call.sendType(), groups.remote(call.root()));
        }
    }
}
