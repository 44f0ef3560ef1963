package org.isthmus.comm.coll.spread;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Allgather: each node to its leader, the leaders among each other, each leader to its node. The nodes are in rank
 * order, so that a node's blocks lie together; the type is contiguous.
 */
final class SpreadAllgather {
    private SpreadAllgather() {}

    /** @param sendBase null: in place */
    static void run(Parts parts, Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType) {
        NodeGroups groups = parts.groups();
        int nodes = groups.nodes();
        int[] counts = new int[nodes];
        int[] starts = new int[nodes];
        int size = 0;
        for (int node = 0; node < nodes; node++) {
            starts[node] = size * recvCount;
            counts[node] = groups.members(node).length * recvCount;
            size += groups.members(node).length;
        }
        long block = recvCount * recvType.extent();
        int all = size * recvCount;
        Phases phases = new Phases();
        phases.run(() -> {
            if (parts.isLeader()) {
                parts.local().gather(sendBase, sendOffset, sendCount, sendType, recvBase,
                        recvOffset + parts.rank() * block, recvCount, recvType, 0);
            } else if (sendBase == null) {
                parts.local()
                        .gather(recvBase, recvOffset + parts.rank() * block, recvCount, recvType, null, 0, 0, null, 0);
            } else {
                parts.local().gather(sendBase, sendOffset, sendCount, sendType, null, 0, 0, null, 0);
            }
        });
        if (parts.isLeader()) {
            phases.run(() ->
                    parts.between().allgatherv(null, 0, 0, null, recvBase, recvOffset, counts, starts, recvType));
        }
        phases.run(() -> parts.local().bcast(recvBase, recvOffset, all, recvType, 0));
        phases.end();
    }
}
