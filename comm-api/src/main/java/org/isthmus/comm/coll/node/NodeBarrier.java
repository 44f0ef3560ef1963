package org.isthmus.comm.coll.node;

/**
 * Barrier: every member raises its flag and looks at all the others.
 *
 * <p>Chosen for every communicator on one node. One phase, so an oversubscribed core runs each member once per barrier.
 * Cost: one flag hand-over, and P-1 loads a member.
 */
final class NodeBarrier {
    private NodeBarrier() {}

    static void run(CollectiveArea area) {
        area.begin();
        area.arrive();
        area.awaitAllArrived();
    }
}
