package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Reduce-scatter as an exchange of all blocks, which every rank then reduces in rank order by itself. Chosen for ops
 * that do not commute: one round, no byte sent twice, where a reduce and a scatter would move everything through the
 * root.
 *
 * <p>Cost: (p - 1) alpha + (p - 1) / p n (beta + gamma), n all blocks; a temporary buffer of p blocks.
 */
final class ReduceScatterOrdered implements Algorithm {
    @Override
    public String name() {
        return "ordered";
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        int rank = s.rank();
        int size = s.size();
        TypeMap type = call.receiveType();
        int[] bounds = call.blockBounds();
        int count = call.receiveCount(rank);
        Buffer[] operands = new Buffer[size];
        for (int distance = 0; distance < size; distance++) {
            int source = s.before(distance);
            operands[source] = s.temporary(count, type);
            if (source != rank) {
                s.receive(operands[source], count, type, source);
            }
        }
        for (int distance = 1; distance < size; distance++) {
            int dest = s.after(distance);
            s.send(call.send().at(bounds[dest] * type.extent()), call.receiveCount(dest), type, dest);
        }
        s.copy(call.send().at(bounds[rank] * type.extent()), operands[rank], count, type);
        s.endRound();
        for (int i = size - 2; i >= 0; i--) {
            s.reduce(operands[i], operands[size - 1], count, type, call.op());
        }
        s.copy(operands[size - 1], call.receive(), count, type);
    }
}
