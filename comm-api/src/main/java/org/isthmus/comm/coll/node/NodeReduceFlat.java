package org.isthmus.comm.coll.node;

import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.ReduceOp;

/**
 * Reduce of short operands: every member shows its own, the root reduces them all.
 *
 * <p>Chosen while the operand fits an exchange slot and P times it is small. Members other than the root do not wait.
 * Cost: one hand-over, P n read and reduced by the root. Any operation; contiguous types.
 */
final class NodeReduceFlat {
    private NodeReduceFlat() {}

    static void run(CollectiveArea area, Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op, int root) {
        area.begin();
        Contribution.offer(area, sendBase, sendOffset, type.size() * count);
        if (area.me() == root) {
            area.awaitAllArrived();
            Contribution.reduce(area, area.members() - 1, recvBase, recvOffset, count, type, op);
        }
        area.done();
    }
}
