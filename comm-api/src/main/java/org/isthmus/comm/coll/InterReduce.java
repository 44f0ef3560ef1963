package org.isthmus.comm.coll;

/** Reduce on an intercommunicator: the other group reduces to its leader, which sends the result to the root. */
final class InterReduce implements InterAlgorithm {
    private static final int LEADER = 0;

    @Override
    public void build(CollectiveCall call, Schedule s, InterGroups groups) {
        if (call.root() == Collectives.ROOT) {
            s.receive(call.receive(), call.receiveCount(), call.receiveType(), groups.remote(LEADER));
        } else if (call.root() >= 0) {
            Buffer result = groups.reduceToLeader(call, call.receiveCount(), s);
            if (result != null) {
                s.send(result, call.receiveCount(), call.receiveType(), groups.remote(call.root()));
            }
        }
    }
}
