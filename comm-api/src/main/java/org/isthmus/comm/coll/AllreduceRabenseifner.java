package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Allreduce as a reduce-scatter by recursive halving and an allgather by recursive doubling (Rabenseifner, 2004).
 * Chosen for medium vectors: few rounds, and the work of reducing is shared.
 *
 * <p>Cost: 2 log2 p alpha + 2 (p - 1) / p n beta + (p - 1) / p n gamma; two rounds of n more when p is no power of two.
 * Commutative, divisible ops only.
 */
final class AllreduceRabenseifner implements Algorithm {
    @Override
    public String name() {
        return "rabenseifner";
    }

    @Override
    public boolean supports(CollectiveCall call) {
        return call.op().isCommutative() && call.op().isDivisible(call.receiveType());
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        int count = call.receiveCount();
        TypeMap type = call.receiveType();
        Buffer vector = call.receive();
        PowerOfTwoFold fold = new PowerOfTwoFold(s.rank(), s.size());
        if (fold.sitsOut()) {
            int partner = s.before(1);
            s.send(call.send(), count, type, partner);
            s.endRound();
            s.receive(vector, count, type, partner);
            return;
        }
        Buffer spare = s.temporary(count, type);
        s.copy(call.send(), vector, count, type);
        fold.takePartner(s, vector, spare, count, type, call.op());
        RecursiveHalving halving = new RecursiveHalving(s, fold, fold::rankOf, vector,
                RecursiveHalving.evenBounds(count, fold.powerOfTwo), type);
        halving.reduceScatter(spare, call.op());
        halving.allgather();
        if (fold.hasPartner()) {
            s.send(vector, count, type, s.after(1));
        }
    }
}
