package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Reduce as a reduce-scatter by recursive halving and a binomial gather of the pieces (Rabenseifner, 2004). Chosen for
 * long vectors: the work of reducing is shared by all ranks.
 *
 * <p>Cost: 2 log2 p alpha + 2 (p - 1) / p n beta + (p - 1) / p n gamma; one round of n more when p is no power of two.
 * Commutative, divisible ops only.
 */
final class ReduceRabenseifner implements Algorithm {
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
        int root = call.root();
        int size = s.size();
        // Numbered from the root, which so is number 0 and never sits out.
        int relative = s.before(root);
        PowerOfTwoFold fold = new PowerOfTwoFold(relative, size);
        if (fold.sitsOut()) {
            s.send(call.send(), count, type, s.before(1));
            return;
        }
        Buffer vector = relative == 0 ? call.receive() : s.temporary(count, type);
        Buffer spare = s.temporary(count, type);
        s.copy(call.send(), vector, count, type);
        fold.takePartner(s, vector, spare, count, type, call.op());
        RecursiveHalving halving = new RecursiveHalving(s, fold, number -> (fold.rankOf(number) + root) % size, vector,
                RecursiveHalving.evenBounds(count, fold.powerOfTwo), type);
        halving.reduceScatter(spare, call.op());
        halving.gather();
    }
}
