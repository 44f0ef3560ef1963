package org.isthmus.comm.coll;

/** Barrier on an intercommunicator: a barrier of the union, so that either group waits for the other. */
final class InterBarrier implements InterAlgorithm {
    @Override
    public void build(CollectiveCall call, Schedule s, InterGroups groups) {
        CollectiveCall barrier = new CollectiveCall(CollectiveKind.BARRIER, s.size());
        groups.table().select(barrier).build(barrier, s);
    }
}
