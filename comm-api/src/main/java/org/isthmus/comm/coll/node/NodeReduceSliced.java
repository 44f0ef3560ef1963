package org.isthmus.comm.coll.node;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.comm.buffer.BufferCopy;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.ReduceOp;

/**
 * Reduce and allreduce of long operands: every member reduces its slice of the elements over all operands.
 *
 * <p>Chosen above the flat algorithms. Operands that lie in the segment are read where they are, others from the
 * members' cells. In pieces of a cell, each in two phases: operands shown, slices reduced. Cost a piece: two
 * hand-overs, n copied in, n read and n/P written by each member, n copied out where a result is wanted. Divisible
 * operations; contiguous types.
 */
final class NodeReduceSliced {
    /** Everybody wants the result. */
    static final int ALL = -1;

    private NodeReduceSliced() {}

    /** {@code root} is the member that wants the result, or {@link #ALL}. */
    static void run(CollectiveArea area, Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op, int root) {
        long size = type.size();
        int perPiece = (int) (CollectiveAreaDescriptor.CELL_BYTES / size);
        for (int done = 0; done < count; done += perPiece) {
            int elements = Math.min(perPiece, count - done);
            reducePiece(area, sendBase, sendOffset + done * size, elements, type, op);
            if (root == ALL || root == area.me()) {
                BufferCopy.fromSegment(area.memory(), area.result(), recvBase, recvOffset + done * size,
                        elements * size);
            }
        }
    }

    private static void reducePiece(CollectiveArea area, Object base, long offset,
            int elements, TypeMap type, ReduceOp op) {
        MemorySegment memory = area.memory();
        area.begin();
        long operand = base == memory ? offset : area.cell(area.me());
        if (base != memory) {
            BufferCopy.toSegment(base, offset, memory, operand, elements * type.size());
        }
        memory.set(ValueLayout.JAVA_LONG, area.inline(area.me()), operand);
        area.arrive();
        area.awaitAllArrived();
        reduceSlice(area, elements, type, op);
        area.reachSecond();
        area.awaitAllSecond();
        area.done();
    }

    private static void reduceSlice(CollectiveArea area, int elements, TypeMap type, ReduceOp op) {
        MemorySegment memory = area.memory();
        int members = area.members();
        int first = (int) ((long) elements * area.me() / members);
        int slice = (int) ((long) elements * (area.me() + 1) / members) - first;
        if (slice == 0) {
            return;
        }
        long at = first * type.size();
        long into = area.result() + at;
        MemorySegment.copy(memory, operand(area, members - 1) + at, memory, into, slice * type.size());
        for (int member = members - 2; member >= 0; member--) {
            op.reduce(memory, operand(area, member) + at, memory, into, slice, type);
        }
    }

    private static long operand(CollectiveArea area, int member) {
        return area.memory().get(ValueLayout.JAVA_LONG, area.inline(member));
    }
}
