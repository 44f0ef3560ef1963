package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Reduce-scatter by recursive halving. Chosen for short and medium vectors: fewest rounds.
 *
 * <p>Cost: log2 p alpha + (p - 1) / p n (beta + gamma), n all blocks; two rounds more when p is no power of two.
 * Commutative ops only.
 */
final class ReduceScatterRecursiveHalving implements Algorithm {
    @Override
    public String name() {
        return "recursive_halving";
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
        int total = bounds[s.size()];
        int count = call.receiveCount(rank);
        PowerOfTwoFold fold = new PowerOfTwoFold(rank, s.size());
        if (fold.sitsOut()) {
            s.send(call.send(), total, type, rank - 1);
            s.endRound();
            s.receive(call.receive(), count, type, rank - 1);
            return;
        }
        Buffer vector = s.temporary(total, type);
        Buffer spare = s.temporary(total, type);
        s.copy(call.send(), vector, total, type);
        fold.takePartner(s, vector, spare, total, type, call.op());
        // A number that stands for two ranks reduces the blocks of both.
        int[] pieces = new int[fold.powerOfTwo + 1];
        for (int i = 0; i <= fold.powerOfTwo; i++) {
            pieces[i] = bounds[fold.rankOf(i)];
        }
        new RecursiveHalving(s, fold, fold::rankOf, vector, pieces, type).reduceScatter(spare, call.op());
        s.copy(vector.at(bounds[rank] * type.extent()), call.receive(), count, type);
        if (fold.hasPartner()) {
            s.send(vector.at(bounds[rank + 1] * type.extent()), call.receiveCount(rank + 1), type, rank + 1);
        }
    }
}
