package org.isthmus.comm.coll;

/**
 * Allreduce on an intercommunicator: each group reduces to its leader, the leaders exchange the results, each group
 * broadcasts that of the other.
 */
final class InterAllreduce implements InterAlgorithm {
    private static final int LEADER = 0;

    @Override
    public void build(CollectiveCall call, Schedule s, InterGroups groups) {
        int count = call.receiveCount();
        Buffer own = groups.reduceToLeader(call, count, s);
        if (own != null) {
            s.receive(call.receive(), count, call.receiveType(), groups.remote(LEADER));
            s.send(own, count, call.receiveType(), groups.remote(LEADER));
        }
        groups.amongLocal(s);
        CollectiveCall bcast = new CollectiveCall(CollectiveKind.BCAST, s.size()).root(LEADER)
                .send(call.receive().base(), call.receive().offset(), count, call.receiveType()).bytes(call.bytes());
        groups.table().select(bcast).build(bcast, s);
    }
}
