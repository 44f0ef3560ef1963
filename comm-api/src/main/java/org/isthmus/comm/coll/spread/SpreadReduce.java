package org.isthmus.comm.coll.spread;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.coll.TemporaryBuffers;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.op.ReduceOp;
import org.isthmus.comm.pt2pt.PointToPoint;

/**
 * Reduce: each node to its leader, the leaders to that of the root's node, which passes the result to the root. The op
 * commutes, or the nodes are in rank order; the type is contiguous.
 */
final class SpreadReduce {
    /** Above all tags of collectives; messages of one pair with it match in order. */
    private static final int PASS_ON_TAG = Integer.MAX_VALUE;

    private SpreadReduce() {}

    /** @param sendBase null at a root in place */
    static void run(Parts parts, Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op, int root) {
        NodeGroups groups = parts.groups();
        boolean isRoot = parts.rank() == root;
        Object operand = sendBase == null ? recvBase : sendBase;
        long operandOffset = sendBase == null ? recvOffset : sendOffset;
        int rootPlace = groups.placeOf(root);
        int rootNode = groups.nodeOf(root);
        Phases phases = new Phases();
        if (parts.isLeader()) {
            TemporaryBuffers buffers = TemporaryBuffers.ofProcess();
            MemorySegment partial = buffers.take(count * type.extent());
            phases.run(() -> parts.local().reduce(operand, operandOffset, partial, 0, count, type, op, 0));
            if (parts.node() != rootNode) {
                phases.run(() -> parts.between().reduce(partial, 0, null, 0, count, type, op, rootNode));
            } else if (isRoot) {
                phases.run(() -> parts.between().reduce(partial, 0, recvBase, recvOffset, count, type, op, rootNode));
            } else {
                MemorySegment result = buffers.take(count * type.extent());
                phases.run(() -> parts.between().reduce(partial, 0, result, 0, count, type, op, rootNode));
                phases.run(() -> send(parts.here(), result, count, type, rootPlace));
                buffers.give(result);
            }
            buffers.give(partial);
        } else {
            phases.run(() -> parts.local().reduce(operand, operandOffset, null, 0, count, type, op, 0));
            if (isRoot) {
                Communicator here = parts.here();
                phases.run(() -> here.pointToPoint().recv(here.collective(), recvBase, recvOffset, count, type, 0,
                        PASS_ON_TAG, null));
            }
        }
        phases.end();
    }

    private static void send(Communicator here, MemorySegment result, int count, TypeMap type, int place) {
        here.pointToPoint().send(here.collective(), PointToPoint.Mode.STANDARD, result, 0, count, type, place,
                PASS_ON_TAG);
    }
}
