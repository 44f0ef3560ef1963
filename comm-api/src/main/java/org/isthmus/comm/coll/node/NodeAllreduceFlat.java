package org.isthmus.comm.coll.node;

import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.ReduceOp;

/**
 * Allreduce of short operands: every member shows its own and reduces all of them itself.
 *
 * <p>Chosen while P times the operand is small. One phase; all members reduce in the same order, so all have the same
 * bits. Cost: one hand-over, P n read and reduced by each member. Any operation; contiguous types.
 */
final class NodeAllreduceFlat {
    private NodeAllreduceFlat() {}

    /** {@code sendBase} is never null: in place, it is the receive buffer. */
    static void run(CollectiveArea area, Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op) {
        area.begin();
        Contribution.offer(area, sendBase, sendOffset, type.size() * count);
        area.awaitAllArrived();
        Contribution.reduce(area, area.members() - 1, recvBase, recvOffset, count, type, op);
    }
}
