package org.isthmus.comm.coll.node;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.buffer.BufferCopy;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.ReduceOp;

/** What the reductions share: where a member's short operand lies, and reducing the members' operands in rank order. */
final class Contribution {
    private Contribution() {}

    /** Place of {@code member}'s operand of {@code bytes} in the operation under way: its flag's line, or its slot. */
    static long place(CollectiveArea area, int member, long bytes) {
        return bytes <= CollectiveAreaDescriptor.INLINE_BYTES ? area.inline(member) : area.exchangeSlot(member);
    }

    /** Puts this member's operand in its place and says so. */
    static void offer(CollectiveArea area, Object base, long offset, long bytes) {
        BufferCopy.toSegment(base, offset, area.memory(), place(area, area.me(), bytes), bytes);
        area.arrive();
    }

    /**
     * Reduces the operands of members 0 to {@code last} into {@code base}, from the last downwards, so that
     * {@code in op inout} always has the lower ranks on its left.
     */
    static void reduce(CollectiveArea area, int last, Object base, long offset, int count, TypeMap type, ReduceOp op) {
        long bytes = type.size() * count;
        if (bytes <= CollectiveAreaDescriptor.INLINE_BYTES && !(base instanceof MemorySegment)) {
            reduceInto(area, last, area.scratch(), 0, count, type, op);
            BufferCopy.fromSegment(area.scratch(), 0, base, offset, bytes);
        } else {
            reduceInto(area, last, base, offset, count, type, op);
        }
    }

    private static void reduceInto(CollectiveArea area, int last, Object base, long offset, int count, TypeMap type,
            ReduceOp op) {
        MemorySegment memory = area.memory();
        long bytes = type.size() * count;
        BufferCopy.fromSegment(memory, place(area, last, bytes), base, offset, bytes);
        for (int member = last - 1; member >= 0; member--) {
            op.reduce(memory, place(area, member, bytes), base, offset, count, type);
        }
    }
}
