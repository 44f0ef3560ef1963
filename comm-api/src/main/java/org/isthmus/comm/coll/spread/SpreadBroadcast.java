package org.isthmus.comm.coll.spread;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Broadcast: the root to its own node, then its leader to the other leaders, then each of these to its node. The bytes
 * enter every node once.
 */
final class SpreadBroadcast {
    private SpreadBroadcast() {}

    static void run(Parts parts, Object base, long offset, int count, TypeMap type, int root) {
        NodeGroups groups = parts.groups();
        boolean withRoot = groups.nodeOf(root) == parts.node();
        Phases phases = new Phases();
        if (withRoot) {
            phases.run(() -> parts.local().bcast(base, offset, count, type, groups.placeOf(root)));
        }
        if (parts.isLeader()) {
            phases.run(() -> parts.between().bcast(base, offset, count, type, groups.nodeOf(root)));
        }
        if (!withRoot) {
            phases.run(() -> parts.local().bcast(base, offset, count, type, 0));
        }
        phases.end();
    }
}
