package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.op.ReduceOp;

/**
 * The two groups of an intercommunicator as parts of the ranks of its union, on which its schedules run; and the phases
 * within one group that its collectives share. A group's leader is its rank 0.
 */
final class InterGroups {
    private final Communicator comm;
    private final AlgorithmTable table;

    InterGroups(Communicator comm, AlgorithmTable table) {
        this.comm = comm;
        this.table = table;
    }

    int localRank() {
        return comm.rank();
    }

    int localSize() {
        return comm.localSize();
    }

    int remoteSize() {
        return comm.size();
    }

    boolean isLeader() {
        return comm.rank() == 0;
    }

    /** The rank in the union of rank {@code rank} of the remote group. */
    int remote(int rank) {
        return comm.remoteStart() + rank;
    }

    AlgorithmTable table() {
        return table;
    }

    /** The steps from now on are between all ranks of the union. */
    void amongAll(Schedule s) {
        s.endRound();
        s.among(range(0, comm.union().size()), comm.union().rank());
    }

    /** The steps from now on are between the ranks of this process's group. */
    void amongLocal(Schedule s) {
        s.endRound();
        s.among(range(comm.localStart(), comm.localSize()), comm.rank());
    }

    /** The steps from now on are between the root, as rank 0, and all of the other group. */
    void amongRootAndOthers(Schedule s, boolean isRoot, int root) {
        s.endRound();
        int[] members = new int[1 + (isRoot ? remoteSize() : localSize())];
        int start = isRoot ? comm.remoteStart() : comm.localStart();
        members[0] = isRoot ? comm.union().rank() : remote(root);
        for (int i = 1; i < members.length; i++) {
            members[i] = start + i - 1;
        }
        s.among(members, isRoot ? 0 : 1 + comm.rank());
    }

    /** Combines the own group's operands; the result is a temporary buffer at the leader, null elsewhere. */
    Buffer reduceToLeader(CollectiveCall call, int count, Schedule s) {
        TypeMap type = call.receiveType();
        ReduceOp op = call.op();
        Buffer result = isLeader() ? s.temporary(count, type) : null;
        amongLocal(s);
        CollectiveCall reduce = new CollectiveCall(CollectiveKind.REDUCE, localSize()).root(0).op(op)
                .receive(result == null ? null : result.base(), result == null ? 0 : result.offset(), count, type)
                .operand(call.send().base(), call.send().offset()).bytes(count * type.size());
        table.select(reduce).build(reduce, s);
        amongAll(s);
        return result;
    }

    private static int[] range(int start, int length) {
        int[] range = new int[length];
        for (int i = 0; i < length; i++) {
            range[i] = start + i;
        }
        return range;
    }
}
