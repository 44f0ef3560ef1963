package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Reduce-scatter in p - 1 rounds; in round k every rank sends the one k after it that one's block of its own operand,
 * and adds what comes from the one k before it. Chosen for long vectors: no byte is sent twice, none sent is copied.
 *
 * <p>Cost: (p - 1) alpha + (p - 1) / p n (beta + gamma), n all blocks. Commutative ops only.
 */
final class ReduceScatterPairwise implements Algorithm {
    @Override
    public String name() {
        return "pairwise";
    }

    @Override
    public boolean supports(CollectiveCall call) {
        return call.op().isCommutative();
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        int rank = s.rank();
        TypeMap type = call.receiveType();
        int[] bounds = call.blockBounds();
        int count = call.receiveCount(rank);
        // In place, the receive buffer is still being sent from.
        Buffer result = call.isInPlace() ? s.temporary(count, type) : call.receive();
        Buffer spare = s.temporary(count, type);
        s.copy(call.send().at(bounds[rank] * type.extent()), result, count, type);
        for (int distance = 1; distance < s.size(); distance++) {
            int dest = s.after(distance);
            s.receive(spare, count, type, s.before(distance));
            s.send(call.send().at(bounds[dest] * type.extent()), call.receiveCount(dest), type, dest);
            s.endRound();
            s.reduce(spare, result, count, type, call.op());
        }
        s.copy(result, call.receive(), count, type);
    }
}
