package org.isthmus.comm.coll;

/**
 * Reduce-scatter on an intercommunicator: each group reduces to its leader, the leaders exchange the results, each
 * deals out that of the other group.
 */
final class InterReduceScatter implements InterAlgorithm {
    private static final int LEADER = 0;

    @Override
    public void build(CollectiveCall call, Schedule s, InterGroups groups) {
        int total = 0;
        for (int i = 0; i < groups.localSize(); i++) {
            total = Math.addExact(total, call.receiveCount(i));
        }
        Buffer own = groups.reduceToLeader(call, total, s);
        Buffer other = null;
        if (own != null) {
            other = s.temporary(total, call.receiveType());
            s.receive(other, total, call.receiveType(), groups.remote(LEADER));
            s.send(own, total, call.receiveType(), groups.remote(LEADER));
        }
        groups.amongLocal(s);
        if (other == null) {
            s.receive(call.receive(), call.receiveCount(s.rank()), call.receiveType(), LEADER);
            return;
        }
        long first = 0;
        for (int i = 0; i < s.size(); i++) {
            Buffer block = other.at(first * call.receiveType().extent());
            if (i == LEADER) {
                s.copy(block, call.receive(), call.receiveCount(i), call.receiveType());
            } else {
                s.send(block, call.receiveCount(i), call.receiveType(), i);
            }
            first += call.receiveCount(i);
        }
    }
}
