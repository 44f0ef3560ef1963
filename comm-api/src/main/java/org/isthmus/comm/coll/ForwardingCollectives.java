package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.ReduceOp;

/**
 * Collectives that leave every call to others; a subclass does those itself that it knows a better way for. Owned by
 * the engine thread.
 */
public abstract class ForwardingCollectives implements Collectives {
    /** What does a call that is not overridden. */
    protected final Collectives messages;

    protected ForwardingCollectives(Collectives messages) {
        this.messages = messages;
    }

    @Override
    public void barrier() {
        messages.barrier();
    }

    @Override
    public CollectiveRequest ibarrier() {
        return messages.ibarrier();
    }

    @Override
    public void bcast(Object base, long offset, int count, TypeMap type, int root) {
        messages.bcast(base, offset, count, type, root);
    }

    @Override
    public CollectiveRequest ibcast(Object base, long offset, int count, TypeMap type, int root) {
        return messages.ibcast(base, offset, count, type, root);
    }

    @Override
    public void gather(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType, int root) {
        messages.gather(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType, root);
    }

    @Override
    public CollectiveRequest igather(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType, int root) {
        return messages.igather(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType,
                root);
    }

    @Override
    public void gatherv(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int[] recvCounts, int[] displacements, TypeMap recvType, int root) {
        messages.gatherv(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCounts, displacements,
                recvType, root);
    }

    @Override
    public CollectiveRequest igatherv(Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int[] recvCounts, int[] displacements, TypeMap recvType, int root) {
        return messages.igatherv(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCounts,
                displacements, recvType, root);
    }

    @Override
    public void scatter(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType, int root) {
        messages.scatter(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType, root);
    }

    @Override
    public CollectiveRequest iscatter(Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int recvCount, TypeMap recvType, int root) {
        return messages.iscatter(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType,
                root);
    }

    @Override
    public void scatterv(Object sendBase, long sendOffset, int[] sendCounts, int[] displacements, TypeMap sendType,
            Object recvBase, long recvOffset, int recvCount, TypeMap recvType, int root) {
        messages.scatterv(sendBase, sendOffset, sendCounts, displacements, sendType, recvBase, recvOffset, recvCount,
                recvType, root);
    }

    @Override
    public CollectiveRequest iscatterv(Object sendBase, long sendOffset, int[] sendCounts, int[] displacements,
            TypeMap sendType, Object recvBase, long recvOffset, int recvCount, TypeMap recvType, int root) {
        return messages.iscatterv(sendBase, sendOffset, sendCounts, displacements, sendType, recvBase, recvOffset,
                recvCount, recvType, root);
    }

    @Override
    public void allgather(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType) {
        messages.allgather(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType);
    }

    @Override
    public CollectiveRequest iallgather(Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int recvCount, TypeMap recvType) {
        return messages.iallgather(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount,
                recvType);
    }

    @Override
    public void allgatherv(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int[] recvCounts, int[] displacements, TypeMap recvType) {
        messages.allgatherv(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCounts, displacements,
                recvType);
    }

    @Override
    public CollectiveRequest iallgatherv(Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int[] recvCounts, int[] displacements, TypeMap recvType) {
        return messages.iallgatherv(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCounts,
                displacements, recvType);
    }

    @Override
    public void alltoall(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType) {
        messages.alltoall(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType);
    }

    @Override
    public CollectiveRequest ialltoall(Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int recvCount, TypeMap recvType) {
        return messages.ialltoall(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType);
    }

    @Override
    public void alltoallv(Object sendBase, long sendOffset, int[] sendCounts, int[] sendDisplacements, TypeMap sendType,
            Object recvBase, long recvOffset, int[] recvCounts, int[] recvDisplacements, TypeMap recvType) {
        messages.alltoallv(sendBase, sendOffset, sendCounts, sendDisplacements, sendType, recvBase, recvOffset,
                recvCounts, recvDisplacements, recvType);
    }

    @Override
    public CollectiveRequest ialltoallv(Object sendBase, long sendOffset, int[] sendCounts, int[] sendDisplacements,
            TypeMap sendType, Object recvBase, long recvOffset, int[] recvCounts, int[] recvDisplacements,
            TypeMap recvType) {
        return messages.ialltoallv(sendBase, sendOffset, sendCounts, sendDisplacements, sendType, recvBase, recvOffset,
                recvCounts, recvDisplacements, recvType);
    }

    @Override
    public void alltoallw(Object sendBase, long sendOffset, int[] sendCounts, int[] sendDisplacements,
            TypeMap[] sendTypes, Object recvBase, long recvOffset, int[] recvCounts, int[] recvDisplacements,
            TypeMap[] recvTypes) {
        messages.alltoallw(sendBase, sendOffset, sendCounts, sendDisplacements, sendTypes, recvBase, recvOffset,
                recvCounts, recvDisplacements, recvTypes);
    }

    @Override
    public CollectiveRequest ialltoallw(Object sendBase, long sendOffset, int[] sendCounts, int[] sendDisplacements,
            TypeMap[] sendTypes, Object recvBase, long recvOffset, int[] recvCounts, int[] recvDisplacements,
            TypeMap[] recvTypes) {
        return messages.ialltoallw(sendBase, sendOffset, sendCounts, sendDisplacements, sendTypes, recvBase, recvOffset,
                recvCounts, recvDisplacements, recvTypes);
    }

    @Override
    public void reduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op, int root) {
        messages.reduce(sendBase, sendOffset, recvBase, recvOffset, count, type, op, root);
    }

    @Override
    public CollectiveRequest ireduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op, int root) {
        return messages.ireduce(sendBase, sendOffset, recvBase, recvOffset, count, type, op, root);
    }

    @Override
    public void allreduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op) {
        messages.allreduce(sendBase, sendOffset, recvBase, recvOffset, count, type, op);
    }

    @Override
    public CollectiveRequest iallreduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op) {
        return messages.iallreduce(sendBase, sendOffset, recvBase, recvOffset, count, type, op);
    }

    @Override
    public void reduceScatter(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int[] recvCounts,
            TypeMap type, ReduceOp op) {
        messages.reduceScatter(sendBase, sendOffset, recvBase, recvOffset, recvCounts, type, op);
    }

    @Override
    public CollectiveRequest ireduceScatter(Object sendBase, long sendOffset, Object recvBase, long recvOffset,
            int[] recvCounts, TypeMap type, ReduceOp op) {
        return messages.ireduceScatter(sendBase, sendOffset, recvBase, recvOffset, recvCounts, type, op);
    }

    @Override
    public void reduceScatterBlock(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int recvCount,
            TypeMap type, ReduceOp op) {
        messages.reduceScatterBlock(sendBase, sendOffset, recvBase, recvOffset, recvCount, type, op);
    }

    @Override
    public CollectiveRequest ireduceScatterBlock(Object sendBase, long sendOffset, Object recvBase, long recvOffset,
            int recvCount, TypeMap type, ReduceOp op) {
        return messages.ireduceScatterBlock(sendBase, sendOffset, recvBase, recvOffset, recvCount, type, op);
    }

    @Override
    public void scan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op) {
        messages.scan(sendBase, sendOffset, recvBase, recvOffset, count, type, op);
    }

    @Override
    public CollectiveRequest iscan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op) {
        return messages.iscan(sendBase, sendOffset, recvBase, recvOffset, count, type, op);
    }

    @Override
    public void exscan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op) {
        messages.exscan(sendBase, sendOffset, recvBase, recvOffset, count, type, op);
    }

    @Override
    public CollectiveRequest iexscan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op) {
        return messages.iexscan(sendBase, sendOffset, recvBase, recvOffset, count, type, op);
    }
}
