package org.isthmus.comm.coll.spread;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.coll.TemporaryBuffers;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;

/**
 * Alltoall of small blocks: a leader collects the rows of its node, sends every other node one message with all blocks
 * for it, and deals out what it gets. Chosen for small blocks: N - 1 messages leave a node of L members instead of
 * L (p - L), for three copies of each block.
 *
 * <pre>
 *  from leader s to leader d:  member 0 of s: blocks for members 0, 1, ... of d | member 1 of s: ... | ...
 * </pre>
 */
final class SpreadAlltoall {
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);

    private SpreadAlltoall() {}

    static void run(Parts parts, Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType, int size) {
        int block = (int) (recvCount * recvType.size());
        int row = block * size;
        TemporaryBuffers buffers = TemporaryBuffers.ofProcess();
        MemorySegment mine = buffers.take(row);
        Phases phases = new Phases();
        phases.run(() -> Packer.pack(sendBase, sendOffset, sendCount * size, sendType, 0, mine, 0, row));
        if (parts.isLeader()) {
            int bytes = row * parts.members().length;
            MemorySegment rows = buffers.take(bytes);
            MemorySegment packed = buffers.take(bytes);
            phases.run(() -> parts.local().gather(mine, 0, row, BYTE, rows, 0, row, BYTE, 0));
            phases.run(() -> exchange(parts, rows, packed, block, row));
            phases.run(() -> parts.local().scatter(rows, 0, row, BYTE, mine, 0, row, BYTE, 0));
            buffers.give(rows);
            buffers.give(packed);
        } else {
            phases.run(() -> parts.local().gather(mine, 0, row, BYTE, null, 0, 0, null, 0));
            phases.run(() -> parts.local().scatter(null, 0, 0, null, mine, 0, row, BYTE, 0));
        }
        phases.run(() -> Packer.unpack(mine, 0, recvBase, recvOffset, recvCount * size, recvType, 0, row));
        buffers.give(mine);
        phases.end();
    }

    /** Rows of what this node's members send become rows of what they receive. */
    private static void exchange(Parts parts, MemorySegment rows, MemorySegment packed, int block, int row) {
        NodeGroups groups = parts.groups();
        int[] here = parts.members();
        int[] counts = new int[groups.nodes()];
        int[] starts = new int[groups.nodes()];
        int at = 0;
        for (int node = 0; node < counts.length; node++) {
            starts[node] = at;
            for (int member = 0; member < here.length; member++) {
                for (int rank : groups.members(node)) {
                    MemorySegment.copy(rows, (long) member * row + (long) rank * block, packed, at, block);
                    at += block;
                }
            }
            counts[node] = at - starts[node];
        }
        parts.between().alltoallv(packed, 0, counts, starts, BYTE, rows, 0, counts, starts, BYTE);
        MemorySegment.copy(rows, 0, packed, 0, at);
        at = 0;
        for (int node = 0; node < counts.length; node++) {
            for (int rank : groups.members(node)) {
                for (int member = 0; member < here.length; member++) {
                    MemorySegment.copy(packed, at, rows, (long) member * row + (long) rank * block, block);
                    at += block;
                }
            }
        }
    }
}
