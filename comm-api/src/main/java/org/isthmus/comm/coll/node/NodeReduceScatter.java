package org.isthmus.comm.coll.node;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.buffer.BufferCopy;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.ReduceOp;

/**
 * Reduce-scatter: every member reduces over all operands the block that it is to have.
 *
 * <p>Chosen while the whole operand fits a cell. Two phases: operands shown, blocks taken. Cost: two hand-overs, n
 * copied in, n read by each member. Any operation; contiguous types.
 */
final class NodeReduceScatter {
    private NodeReduceScatter() {}

    /**
     * @param first first element of this member's block
     * @param block its elements
     * @param total elements of the whole operand
     */
    static void run(CollectiveArea area, Object sendBase, long sendOffset, Object recvBase, long recvOffset, long first,
            int block, long total, TypeMap type, ReduceOp op) {
        MemorySegment memory = area.memory();
        int members = area.members();
        area.begin();
        BufferCopy.toSegment(sendBase, sendOffset, memory, area.cell(area.me()), total * type.size());
        area.arrive();
        area.awaitAllArrived();
        if (block > 0) {
            long at = first * type.size();
            BufferCopy.fromSegment(memory, area.cell(members - 1) + at, recvBase, recvOffset, block * type.size());
            for (int member = members - 2; member >= 0; member--) {
                op.reduce(memory, area.cell(member) + at, recvBase, recvOffset, block, type);
            }
        }
        area.reachSecond();
        area.awaitAllSecond();
        area.done();
    }
}
