package org.isthmus.comm.coll;

/** Broadcast on an intercommunicator: a broadcast among the root and the other group. */
final class InterBcast implements InterAlgorithm {
    @Override
    public void build(CollectiveCall call, Schedule s, InterGroups groups) {
        boolean isRoot = call.root() == Collectives.ROOT;
        if (!isRoot && call.root() < 0) {
            return;
        }
        groups.amongRootAndOthers(s, isRoot, call.root());
        Buffer buffer = call.send();
        CollectiveCall bcast = new CollectiveCall(CollectiveKind.BCAST, s.size()).root(0)
                .send(buffer.base(), buffer.offset(), call.sendCount(), call.sendType()).bytes(call.bytes());
        groups.table().select(bcast).build(bcast, s);
    }
}
