package org.isthmus.comm.coll.node;

import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.ReduceOp;

/**
 * Inclusive and exclusive scan of short operands: every member shows its own and reduces those of the ranks below.
 *
 * <p>Chosen while P times the operand is small. Nobody waits for a higher rank. Cost: one hand-over, up to P n read and
 * reduced. Any operation; contiguous types.
 */
final class NodeScan {
    private NodeScan() {}

    /** {@code last} is the highest rank whose operand belongs to this member's result; -1 when there is none. */
    static void run(CollectiveArea area, Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op, int last) {
        area.begin();
        Contribution.offer(area, sendBase, sendOffset, type.size() * count);
        for (int member = 0; member <= last; member++) {
            if (member != area.me()) {
                area.awaitArrived(member);
            }
        }
        if (last >= 0) {
            Contribution.reduce(area, last, recvBase, recvOffset, count, type, op);
        }
        area.done();
    }
}
