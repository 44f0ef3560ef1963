package org.isthmus.comm.coll;

import java.util.EnumSet;
import java.util.Set;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.op.ReduceOp;

/**
 * Collectives made of messages: takes the algorithm that the table names, has it fill a {@link Schedule}, and runs
 * that. Keeps nothing between calls but the communicator's tags. Threads as for {@link Collectives}.
 */
public final class ScheduledCollectives implements Collectives {
    private static final Set<CollectiveKind> IN_PLACE_ALLTOALL =
            EnumSet.of(CollectiveKind.ALLTOALL, CollectiveKind.ALLTOALLV, CollectiveKind.ALLTOALLW);

    private final Communicator comm;
    private final AlgorithmTable table;

    public ScheduledCollectives(Communicator comm, AlgorithmTable table) {
        this.comm = comm;
        this.table = table;
    }

    @Override
    public void barrier() {
        run(barrierCall());
    }

    @Override
    public CollectiveRequest ibarrier() {
        return start(barrierCall());
    }

    @Override
    public void bcast(Object base, long offset, int count, TypeMap type, int root) {
        run(bcastCall(base, offset, count, type, root));
    }

    @Override
    public CollectiveRequest ibcast(Object base, long offset, int count, TypeMap type, int root) {
        return start(bcastCall(base, offset, count, type, root));
    }

    @Override
    public void gather(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType, int root) {
        run(gatherCall(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType, root));
    }

    @Override
    public CollectiveRequest igather(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType, int root) {
        return start(gatherCall(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType,
                root));
    }

    @Override
    public void gatherv(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int[] recvCounts, int[] displacements, TypeMap recvType, int root) {
        run(gathervCall(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCounts, displacements,
                recvType, root));
    }

    @Override
    public CollectiveRequest igatherv(Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int[] recvCounts, int[] displacements, TypeMap recvType, int root) {
        return start(gathervCall(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCounts,
                displacements, recvType, root));
    }

    @Override
    public void scatter(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType, int root) {
        run(scatterCall(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType, root));
    }

    @Override
    public CollectiveRequest iscatter(Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int recvCount, TypeMap recvType, int root) {
        return start(scatterCall(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType,
                root));
    }

    @Override
    public void scatterv(Object sendBase, long sendOffset, int[] sendCounts, int[] displacements, TypeMap sendType,
            Object recvBase, long recvOffset, int recvCount, TypeMap recvType, int root) {
        run(scattervCall(sendBase, sendOffset, sendCounts, displacements, sendType, recvBase, recvOffset, recvCount,
                recvType, root));
    }

    @Override
    public CollectiveRequest iscatterv(Object sendBase, long sendOffset, int[] sendCounts, int[] displacements,
            TypeMap sendType, Object recvBase, long recvOffset, int recvCount, TypeMap recvType, int root) {
        return start(scattervCall(sendBase, sendOffset, sendCounts, displacements, sendType, recvBase, recvOffset,
                recvCount, recvType, root));
    }

    @Override
    public void allgather(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType) {
        run(allgatherCall(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType));
    }

    @Override
    public CollectiveRequest iallgather(Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int recvCount, TypeMap recvType) {
        return start(allgatherCall(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount,
                recvType));
    }

    @Override
    public void allgatherv(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int[] recvCounts, int[] displacements, TypeMap recvType) {
        run(allgathervCall(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCounts, displacements,
                recvType));
    }

    @Override
    public CollectiveRequest iallgatherv(Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int[] recvCounts, int[] displacements, TypeMap recvType) {
        return start(allgathervCall(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCounts,
                displacements, recvType));
    }

    @Override
    public void alltoall(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType) {
        run(alltoallCall(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType));
    }

    @Override
    public CollectiveRequest ialltoall(Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int recvCount, TypeMap recvType) {
        return start(alltoallCall(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount,
                recvType));
    }

    @Override
    public void alltoallv(Object sendBase, long sendOffset, int[] sendCounts, int[] sendDisplacements, TypeMap sendType,
            Object recvBase, long recvOffset, int[] recvCounts, int[] recvDisplacements, TypeMap recvType) {
        run(alltoallvCall(sendBase, sendOffset, sendCounts, sendDisplacements, sendType, recvBase, recvOffset,
                recvCounts, recvDisplacements, recvType));
    }

    @Override
    public CollectiveRequest ialltoallv(Object sendBase, long sendOffset, int[] sendCounts, int[] sendDisplacements,
            TypeMap sendType, Object recvBase, long recvOffset, int[] recvCounts, int[] recvDisplacements,
            TypeMap recvType) {
        return start(alltoallvCall(sendBase, sendOffset, sendCounts, sendDisplacements, sendType, recvBase, recvOffset,
                recvCounts, recvDisplacements, recvType));
    }

    @Override
    public void alltoallw(Object sendBase, long sendOffset, int[] sendCounts, int[] sendDisplacements,
            TypeMap[] sendTypes, Object recvBase, long recvOffset, int[] recvCounts, int[] recvDisplacements,
            TypeMap[] recvTypes) {
        run(alltoallwCall(sendBase, sendOffset, sendCounts, sendDisplacements, sendTypes, recvBase, recvOffset,
                recvCounts, recvDisplacements, recvTypes));
    }

    @Override
    public CollectiveRequest ialltoallw(Object sendBase, long sendOffset, int[] sendCounts, int[] sendDisplacements,
            TypeMap[] sendTypes, Object recvBase, long recvOffset, int[] recvCounts, int[] recvDisplacements,
            TypeMap[] recvTypes) {
        return start(alltoallwCall(sendBase, sendOffset, sendCounts, sendDisplacements, sendTypes, recvBase, recvOffset,
                recvCounts, recvDisplacements, recvTypes));
    }

    @Override
    public void reduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op, int root) {
        run(reduceCall(sendBase, sendOffset, recvBase, recvOffset, count, type, op, root));
    }

    @Override
    public CollectiveRequest ireduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op, int root) {
        return start(reduceCall(sendBase, sendOffset, recvBase, recvOffset, count, type, op, root));
    }

    @Override
    public void allreduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op) {
        run(allreduceCall(sendBase, sendOffset, recvBase, recvOffset, count, type, op));
    }

    @Override
    public CollectiveRequest iallreduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op) {
        return start(allreduceCall(sendBase, sendOffset, recvBase, recvOffset, count, type, op));
    }

    @Override
    public void reduceScatter(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int[] recvCounts,
            TypeMap type, ReduceOp op) {
        run(reduceScatterCall(sendBase, sendOffset, recvBase, recvOffset, recvCounts, type, op));
    }

    @Override
    public CollectiveRequest ireduceScatter(Object sendBase, long sendOffset, Object recvBase, long recvOffset,
            int[] recvCounts, TypeMap type, ReduceOp op) {
        return start(reduceScatterCall(sendBase, sendOffset, recvBase, recvOffset, recvCounts, type, op));
    }

    @Override
    public void reduceScatterBlock(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int recvCount,
            TypeMap type, ReduceOp op) {
        run(reduceScatterBlockCall(sendBase, sendOffset, recvBase, recvOffset, recvCount, type, op));
    }

    @Override
    public CollectiveRequest ireduceScatterBlock(Object sendBase, long sendOffset, Object recvBase, long recvOffset,
            int recvCount, TypeMap type, ReduceOp op) {
        return start(reduceScatterBlockCall(sendBase, sendOffset, recvBase, recvOffset, recvCount, type, op));
    }

    @Override
    public void scan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op) {
        run(scanCall(sendBase, sendOffset, recvBase, recvOffset, count, type, op));
    }

    @Override
    public CollectiveRequest iscan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op) {
        return start(scanCall(sendBase, sendOffset, recvBase, recvOffset, count, type, op));
    }

    @Override
    public void exscan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op) {
        run(exscanCall(sendBase, sendOffset, recvBase, recvOffset, count, type, op));
    }

    @Override
    public CollectiveRequest iexscan(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op) {
        return start(exscanCall(sendBase, sendOffset, recvBase, recvOffset, count, type, op));
    }

    private CollectiveCall barrierCall() {
        return call(CollectiveKind.BARRIER);
    }

    private CollectiveCall bcastCall(Object base, long offset, int count, TypeMap type, int root) {
        return call(CollectiveKind.BCAST).root(root).send(base, offset, count, type).bytes(bytes(count, type));
    }

    private CollectiveCall gatherCall(Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int recvCount, TypeMap recvType, int root) {
        CollectiveCall call = call(CollectiveKind.GATHER).root(root).send(sendBase, sendOffset, sendCount, sendType);
        return isRoot(root)
                ? call.receive(recvBase, recvOffset, recvCount, recvType).bytes(bytes(recvCount, recvType))
                : call.bytes(bytes(sendCount, sendType));
    }

    private CollectiveCall gathervCall(Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int[] recvCounts, int[] displacements, TypeMap recvType, int root) {
        CollectiveCall call = call(CollectiveKind.GATHERV).root(root).send(sendBase, sendOffset, sendCount, sendType);
        return isRoot(root) ? call.receiveV(recvBase, recvOffset, recvCounts, displacements, recvType) : call;
    }

    private CollectiveCall scatterCall(Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int recvCount, TypeMap recvType, int root) {
        CollectiveCall call = call(CollectiveKind.SCATTER).root(root)
                .receive(recvBase, recvOffset, recvCount, recvType);
        return isRoot(root)
                ? call.send(sendBase, sendOffset, sendCount, sendType).bytes(bytes(sendCount, sendType))
                : call.bytes(bytes(recvCount, recvType));
    }

    private CollectiveCall scattervCall(Object sendBase, long sendOffset, int[] sendCounts, int[] displacements,
            TypeMap sendType, Object recvBase, long recvOffset, int recvCount, TypeMap recvType, int root) {
        CollectiveCall call = call(CollectiveKind.SCATTERV).root(root)
                .receive(recvBase, recvOffset, recvCount, recvType);
        return isRoot(root) ? call.sendV(sendBase, sendOffset, sendCounts, displacements, sendType) : call;
    }

    private CollectiveCall allgatherCall(Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int recvCount, TypeMap recvType) {
        return call(CollectiveKind.ALLGATHER).send(sendBase, sendOffset, sendCount, sendType)
                .receive(recvBase, recvOffset, recvCount, recvType)
                .bytes((long) comm.size() * recvCount * recvType.size());
    }

    private CollectiveCall allgathervCall(Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int[] recvCounts, int[] displacements, TypeMap recvType) {
        return call(CollectiveKind.ALLGATHERV).send(sendBase, sendOffset, sendCount, sendType)
                .receiveV(recvBase, recvOffset, recvCounts, displacements, recvType)
                .bytes(sum(recvCounts) * recvType.size());
    }

    private CollectiveCall alltoallCall(Object sendBase, long sendOffset, int sendCount, TypeMap sendType,
            Object recvBase, long recvOffset, int recvCount, TypeMap recvType) {
        return call(CollectiveKind.ALLTOALL).send(sendBase, sendOffset, sendCount, sendType)
                .receive(recvBase, recvOffset, recvCount, recvType).bytes(bytes(recvCount, recvType));
    }

    private CollectiveCall alltoallvCall(Object sendBase, long sendOffset, int[] sendCounts, int[] sendDisplacements,
            TypeMap sendType, Object recvBase, long recvOffset, int[] recvCounts, int[] recvDisplacements,
            TypeMap recvType) {
        return call(CollectiveKind.ALLTOALLV).sendV(sendBase, sendOffset, sendCounts, sendDisplacements, sendType)
                .receiveV(recvBase, recvOffset, recvCounts, recvDisplacements, recvType);
    }

    private CollectiveCall alltoallwCall(Object sendBase, long sendOffset, int[] sendCounts, int[] sendDisplacements,
            TypeMap[] sendTypes, Object recvBase, long recvOffset, int[] recvCounts, int[] recvDisplacements,
            TypeMap[] recvTypes) {
        return call(CollectiveKind.ALLTOALLW).sendW(sendBase, sendOffset, sendCounts, sendDisplacements, sendTypes)
                .receiveW(recvBase, recvOffset, recvCounts, recvDisplacements, recvTypes);
    }

    private CollectiveCall reduceCall(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op, int root) {
        return reduction(CollectiveKind.REDUCE, sendBase, sendOffset, recvBase, recvOffset, count, type, op).root(root);
    }

    private CollectiveCall allreduceCall(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op) {
        return reduction(CollectiveKind.ALLREDUCE, sendBase, sendOffset, recvBase, recvOffset, count, type, op);
    }

    private CollectiveCall scanCall(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op) {
        return reduction(CollectiveKind.SCAN, sendBase, sendOffset, recvBase, recvOffset, count, type, op);
    }

    private CollectiveCall exscanCall(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count,
            TypeMap type, ReduceOp op) {
        return reduction(CollectiveKind.EXSCAN, sendBase, sendOffset, recvBase, recvOffset, count, type, op);
    }

    private CollectiveCall reduceScatterCall(Object sendBase, long sendOffset, Object recvBase, long recvOffset,
            int[] recvCounts, TypeMap type, ReduceOp op) {
        return call(CollectiveKind.REDUCE_SCATTER).op(op).receiveV(recvBase, recvOffset, recvCounts, null, type)
                .operand(sendBase, sendOffset).bytes(sum(recvCounts) * type.size());
    }

    private CollectiveCall reduceScatterBlockCall(Object sendBase, long sendOffset, Object recvBase, long recvOffset,
            int recvCount, TypeMap type, ReduceOp op) {
        return call(CollectiveKind.REDUCE_SCATTER_BLOCK).op(op).receive(recvBase, recvOffset, recvCount, type)
                .operand(sendBase, sendOffset).bytes((long) comm.size() * recvCount * type.size());
    }

    private CollectiveCall reduction(CollectiveKind kind, Object sendBase, long sendOffset, Object recvBase,
            long recvOffset, int count, TypeMap type, ReduceOp op) {
        return call(kind).op(op).receive(recvBase, recvOffset, count, type).operand(sendBase, sendOffset)
                .bytes(bytes(count, type));
    }

    private CollectiveCall call(CollectiveKind kind) {
        return new CollectiveCall(kind, comm.size());
    }

    /** Does any collective; for those that {@link Collectives} has no method for. */
    public void run(CollectiveCall call) {
        new ScheduleRun(scheduleOf(call)).runToEnd(comm.progress());
    }

    /** Starts any collective; nobody waits. */
    public CollectiveRequest start(CollectiveCall call) {
        return new ScheduleRun(scheduleOf(call)).start(comm.progress());
    }

    private boolean isRoot(int root) {
        return comm.isInter() ? root == ROOT : comm.rank() == root;
    }

    private Schedule scheduleOf(CollectiveCall call) {
        if (comm.isInter()) {
            Schedule schedule = new Schedule(comm.union(), comm.union().nextCollectiveTag());
            InterAlgorithm.of(call.kind()).build(call, schedule, new InterGroups(comm, table));
            return schedule;
        }
        Schedule schedule = new Schedule(comm, comm.nextCollectiveTag());
        if (call.isInPlace() && IN_PLACE_ALLTOALL.contains(call.kind())) {
            AlltoallInPlace.copyAside(call, schedule);
        }
        table.select(call).build(call, schedule);
        return schedule;
    }

    /** 0 without a type: this rank's side does not matter. */
    private static long bytes(int count, TypeMap type) {
        return type == null ? 0 : count * type.size();
    }

    private static long sum(int[] counts) {
        long sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }
}
