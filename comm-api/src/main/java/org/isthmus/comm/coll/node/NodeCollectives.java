package org.isthmus.comm.coll.node;

import org.isthmus.comm.coll.Collectives;
import org.isthmus.comm.coll.ForwardingCollectives;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.op.ReduceOp;
import org.isthmus.node.status.RankCounter;

/**
 * The collectives of a communicator whose members share a node: picks for each blocking call the algorithm through the
 * segment that suits it, by values that are equal on all members; everything else goes by messages.
 *
 * <p>Owned by the engine thread.
 */
final class NodeCollectives extends ForwardingCollectives {
    /** While all operands together are at most this many bytes, each member that wants the result reduces them all. */
    private static final long FLAT_BYTES = 16 * 1024;

    private final Communicator comm;
    private final CollectiveAreas areas;
    private CollectiveArea area;

    NodeCollectives(Communicator comm, Collectives messages, CollectiveAreas areas) {
        super(messages);
        this.comm = comm;
        this.areas = areas;
    }

    /** The communicator is being freed. */
    void free() {
        if (area != null) {
            areas.release(area);
            area = null;
        }
    }

    @Override
    public void barrier() {
        if (alone()) {
            return;
        }
        NodeBarrier.run(area());
    }

    @Override
    public void bcast(Object base, long offset, int count, TypeMap type, int root) {
        if (alone()) {
            return;
        }
        NodeBroadcast.run(area(), base, offset, count, type, root);
    }

    @Override
    public void gather(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase, long
            recvOffset, int recvCount, TypeMap recvType, int root) {
        boolean atRoot = comm.rank() == root;
        long block = atRoot ? recvCount * recvType.size() : sendCount * sendType.size();
        if (alone() || block == 0 || block > CollectiveAreaDescriptor.SLOT_BYTES) {
            messages.gather(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType, root);
        } else if (atRoot) {
            NodeGather.receive(area(), sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount,
                    recvType);
        } else {
            NodeGather.send(area(), sendBase, sendOffset, sendCount, sendType);
        }
    }

    @Override
    public void scatter(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase, long
            recvOffset, int recvCount, TypeMap recvType, int root) {
        boolean atRoot = comm.rank() == root;
        long block = atRoot ? sendCount * sendType.size() : recvCount * recvType.size();
        if (alone() || block == 0 || block * comm.size() > CollectiveAreaDescriptor.SLOT_BYTES) {
            messages.scatter(sendBase, sendOffset, sendCount, sendType, recvBase,
                    recvOffset, recvCount, recvType, root);
        } else if (atRoot) {
            NodeScatter.send(area(), sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount,
                    recvType);
        } else {
            NodeScatter.receive(area(), recvBase, recvOffset, recvCount, recvType, root);
        }
    }

    @Override
    public void allgather(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase, long
            recvOffset, int recvCount, TypeMap recvType) {
        long block = recvCount * recvType.size();
        if (alone() || block == 0 || block > CollectiveAreaDescriptor.SLOT_BYTES) {
            messages.allgather(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType);
        } else {
            NodeAllgather.run(area(), sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, null,
                    null, recvType);
        }
    }

    @Override
    public void allgatherv(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase, long
            recvOffset, int[] recvCounts, int[] displacements, TypeMap recvType) {
        long largest = 0;
        for (int count : recvCounts) {
            largest = Math.max(largest, count * recvType.size());
        }
        if (alone() || largest == 0 || largest > CollectiveAreaDescriptor.SLOT_BYTES) {
            messages.allgatherv(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCounts,
                    displacements, recvType);
        } else {
            NodeAllgather.run(area(), sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, 0, recvCounts,
                    displacements, recvType);
        }
    }

    @Override
    public void alltoall(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase, long
            recvOffset, int recvCount, TypeMap recvType) {
        long row = recvCount * recvType.size() * comm.size();
        if (alone() || sendBase == null || row == 0 || row > CollectiveAreaDescriptor.SLOT_BYTES) {
            messages.alltoall(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType);
        } else {
            NodeAlltoall.run(area(), sendBase, sendOffset, sendCount, sendType, recvBase,
                    recvOffset, recvCount, recvType);
        }
    }

    @Override
    public void reduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op, int root) {
        long bytes = type.size() * count;
        if (alone() || bytes == 0 || !type.isContiguous() || !fitsCell(type) || !fitsOp(bytes, type, op)) {
            messages.reduce(sendBase, sendOffset, recvBase, recvOffset, count, type, op, root);
            return;
        }
        Object operand = sendBase == null ? recvBase : sendBase;
        long operandOffset = sendBase == null ? recvOffset : sendOffset;
        if (isFlat(bytes)) {
            NodeReduceFlat.run(area(), operand, operandOffset, recvBase, recvOffset, count, type, op, root);
        } else {
            NodeReduceSliced.run(area(), operand, operandOffset, recvBase, recvOffset, count, type, op, root);
        }
    }

    @Override
    public void allreduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap
            type, ReduceOp op) {
        long bytes = type.size() * count;
        if (alone() || bytes == 0 || !type.isContiguous() || !fitsCell(type) || !fitsOp(bytes, type, op)) {
            messages.allreduce(sendBase, sendOffset, recvBase, recvOffset, count, type, op);
            return;
        }
        Object operand = sendBase == null ? recvBase : sendBase;
        long operandOffset = sendBase == null ? recvOffset : sendOffset;
        if (isFlat(bytes)) {
            NodeAllreduceFlat.run(area(), operand, operandOffset, recvBase, recvOffset, count, type, op);
        } else {
            NodeReduceSliced.run(area(), operand, operandOffset, recvBase, recvOffset, count, type, op,
                    NodeReduceSliced.ALL);
        }
    }

    @Override
    public void reduceScatter(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int[] recvCounts,
            TypeMap type, ReduceOp op) {
        long total = 0;
        long first = 0;
        for (int member = 0; member < recvCounts.length; member++) {
            first = member == comm.rank() ? total : first;
            total += recvCounts[member];
        }
        if (!reduceScatterInCells(sendBase, sendOffset, recvBase, recvOffset, first, recvCounts[comm.rank()], total,
                type, op)) {
            messages.reduceScatter(sendBase, sendOffset, recvBase, recvOffset, recvCounts, type, op);
        }
    }

    @Override
    public void reduceScatterBlock(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int recvCount,
            TypeMap type, ReduceOp op) {
        if (!reduceScatterInCells(sendBase, sendOffset, recvBase, recvOffset, (long) comm.rank() * recvCount, recvCount,
                (long) comm.size() * recvCount, type, op)) {
            messages.reduceScatterBlock(sendBase, sendOffset, recvBase, recvOffset, recvCount, type, op);
        }
    }

    @Override
    public void scan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op) {
        if (!scanFlat(sendBase, sendOffset, recvBase, recvOffset, count, type, op, comm.rank())) {
            messages.scan(sendBase, sendOffset, recvBase, recvOffset, count, type, op);
        }
    }

    @Override
    public void exscan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op) {
        if (!scanFlat(sendBase, sendOffset, recvBase, recvOffset, count, type, op, comm.rank() - 1)) {
            messages.exscan(sendBase, sendOffset, recvBase, recvOffset, count, type, op);
        }
    }

    private boolean reduceScatterInCells(Object sendBase, long sendOffset, Object recvBase, long recvOffset, long first,
            int block, long total, TypeMap type, ReduceOp op) {
        long bytes = type.size() * total;
        if (alone() || bytes == 0 || bytes > CollectiveAreaDescriptor.CELL_BYTES || !type.isContiguous()) {
            return false;
        }
        Object operand = sendBase == null ? recvBase : sendBase;
        long operandOffset = sendBase == null ? recvOffset : sendOffset;
        NodeReduceScatter.run(area(), operand, operandOffset, recvBase, recvOffset, first, block, total, type, op);
        return true;
    }

    private boolean scanFlat(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op, int last) {
        long bytes = type.size() * count;
        if (alone() || bytes == 0 || !isFlat(bytes) || !type.isContiguous()) {
            return false;
        }
        Object operand = sendBase == null ? recvBase : sendBase;
        long operandOffset = sendBase == null ? recvOffset : sendOffset;
        NodeScan.run(area(), operand, operandOffset, recvBase, recvOffset, count, type, op, last);
        return true;
    }

    private boolean isFlat(long bytes) {
        return bytes <= CollectiveAreaDescriptor.INLINE_BYTES
                || bytes * comm.size() <= FLAT_BYTES && bytes <= CollectiveAreaDescriptor.SLOT_BYTES;
    }

    /** The flat algorithms give {@code op} all elements at once. */
    private boolean fitsOp(long bytes, TypeMap type, ReduceOp op) {
        return isFlat(bytes) || op.isDivisible(type);
    }

    private static boolean fitsCell(TypeMap type) {
        return type.size() <= CollectiveAreaDescriptor.CELL_BYTES;
    }

    private boolean alone() {
        return comm.size() == 1;
    }

    /** Asked for once by each collective that goes through it. */
    private CollectiveArea area() {
        areas.counters().increment(RankCounter.COLLECTIVES);
        if (area == null) {
            area = areas.create(comm);
        }
        return area;
    }
}
