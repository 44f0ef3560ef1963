package org.isthmus.comm.coll.spread;

/**
 * Barrier: the members of each node, then the leaders, then the members again.
 *
 * <p>Cost: two barriers of a node, ceil(log2 N) messages of each leader for N nodes.
 */
final class SpreadBarrier {
    private SpreadBarrier() {}

    static void run(Parts parts) {
        parts.local().barrier();
        if (parts.isLeader()) {
            parts.between().barrier();
        }
        parts.local().barrier();
    }
}
