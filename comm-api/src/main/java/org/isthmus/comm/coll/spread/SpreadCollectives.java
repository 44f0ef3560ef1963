package org.isthmus.comm.coll.spread;

import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.Collectives;
import org.isthmus.comm.coll.ForwardingCollectives;
import org.isthmus.comm.coll.ScheduledCollectives;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.op.ReduceOp;

/**
 * The collectives of a communicator over several nodes, of which some has several members: blocking calls that gain by
 * it go in phases inside and between nodes, everything else by messages between all. Decides by what is equal on all
 * members. Owned by the engine thread.
 */
public final class SpreadCollectives extends ForwardingCollectives {
    /** Above this block of one pair the copies of {@link SpreadAlltoall} cost more than the messages that it saves. */
    private static final long ALLTOALL_BLOCK = 1024;
    private static final long ALLTOALL_ROW = 64 * 1024;

    private final Communicator comm;
    private final Parts parts;

    private SpreadCollectives(Communicator comm, Collectives messages, NodeGroups groups,
            Function<Communicator, Collectives> ofNode, AlgorithmTable table) {
        super(messages);
        this.comm = comm;
        int node = groups.nodeOf(comm.rank());
        Communicator here = comm.part(groups.members(node));
        Collectives between = here.rank() == 0 ? new ScheduledCollectives(comm.part(groups.leaders()), table) : null;
        this.parts = new Parts(comm.rank(), groups, here, ofNode.apply(here), between);
    }

    /**
     * What suits {@code comm}: phases, or {@code messages} alone where they would save nothing.
     *
     * @param ofNode makes the collectives of members that share this node
     */
    public static Collectives of(Communicator comm, Collectives messages, IntUnaryOperator nodeOfWorld,
            Function<Communicator, Collectives> ofNode, AlgorithmTable table) {
        NodeGroups groups = new NodeGroups(comm, nodeOfWorld);
        return groups.isWorthwhile() ? new SpreadCollectives(comm, messages, groups, ofNode, table) : messages;
    }

    /** The collectives inside this node, to be freed with the communicator. */
    public Collectives local() {
        return parts.local();
    }

    @Override
    public void barrier() {
        SpreadBarrier.run(parts);
    }

    @Override
    public void bcast(Object base, long offset, int count, TypeMap type, int root) {
        SpreadBroadcast.run(parts, base, offset, count, type, root);
    }

    @Override
    public void allgather(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType) {
        long all = comm.size() * recvCount * recvType.size();
        if (all == 0 || all > Integer.MAX_VALUE || !parts.groups().isOrdered() || !recvType.isContiguous()) {
            super.allgather(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType);
        } else {
            SpreadAllgather.run(parts, sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount,
                    recvType);
        }
    }

    @Override
    public void alltoall(Object sendBase, long sendOffset, int sendCount, TypeMap sendType, Object recvBase,
            long recvOffset, int recvCount, TypeMap recvType) {
        long block = recvCount * recvType.size();
        if (block == 0 || block > ALLTOALL_BLOCK || block * comm.size() > ALLTOALL_ROW || sendBase == null) {
            super.alltoall(sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount, recvType);
        } else {
            SpreadAlltoall.run(parts, sendBase, sendOffset, sendCount, sendType, recvBase, recvOffset, recvCount,
                    recvType, comm.size());
        }
    }

    @Override
    public void reduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op, int root) {
        if (isReducible(count, type, op)) {
            SpreadReduce.run(parts, sendBase, sendOffset, recvBase, recvOffset, count, type, op, root);
        } else {
            super.reduce(sendBase, sendOffset, recvBase, recvOffset, count, type, op, root);
        }
    }

    @Override
    public void allreduce(Object sendBase, long sendOffset, Object recvBase, long recvOffset, int count, TypeMap type,
            ReduceOp op) {
        if (isReducible(count, type, op)) {
            SpreadAllreduce.run(parts, sendBase, sendOffset, recvBase, recvOffset, count, type, op);
        } else {
            super.allreduce(sendBase, sendOffset, recvBase, recvOffset, count, type, op);
        }
    }

    private boolean isReducible(int count, TypeMap type, ReduceOp op) {
        return count > 0 && type.size() > 0 && type.isContiguous()
                && (op.isCommutative() || parts.groups().isOrdered());
    }
}
