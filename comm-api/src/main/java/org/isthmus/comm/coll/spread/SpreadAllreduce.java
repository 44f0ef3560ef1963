package org.isthmus.comm.coll.spread;

import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.ReduceOp;

/**
 * Allreduce: each node to its leader, the leaders among each other, each leader to its node. One partial result of a
 * node leaves it. The op commutes, or the nodes are in rank order.
 */
final class SpreadAllreduce {
    private SpreadAllreduce() {}

    /** @param sendBase null: in place */
    static void run(Parts parts, Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op) {
        Phases phases = new Phases();
        phases.run(() -> {
            if (sendBase == null && !parts.isLeader()) {
                parts.local().reduce(recvBase, recvOffset, null, 0, count, type, op, 0);
            } else {
                parts.local().reduce(sendBase, sendOffset, recvBase, recvOffset, count, type, op, 0);
            }
        });
        if (parts.isLeader()) {
            phases.run(() -> parts.between().allreduce(null, 0, recvBase, recvOffset, count, type, op));
        }
        phases.run(() -> parts.local().bcast(recvBase, recvOffset, count, type, 0));
        phases.end();
    }
}
