package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Allreduce by exchanging whole partial results with a partner twice as far away each time. Chosen for short vectors
 * (fewest rounds), and for every op that does not commute: partial results are always of runs of ranks, and both
 * partners combine them in rank order, so all ranks get the same bits.
 *
 * <p>Cost: log2 p (alpha + n beta + n gamma); two rounds more when p is no power of two.
 */
final class AllreduceRecursiveDoubling implements Algorithm {
    @Override
    public String name() {
        return "recursive_doubling";
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        int count = call.receiveCount();
        TypeMap type = call.receiveType();
        PowerOfTwoFold fold = new PowerOfTwoFold(s.rank(), s.size());
        if (fold.sitsOut()) {
            int partner = s.before(1);
            s.send(call.send(), count, type, partner);
            s.endRound();
            s.receive(call.receive(), count, type, partner);
            return;
        }
        Buffer result = call.receive();
        Buffer spare = s.size() == 1 ? null : s.temporary(count, type);
        s.copy(call.send(), result, count, type);
        if (fold.hasPartner()) {
            s.receive(spare, count, type, s.after(1));
            s.endRound();
            s.reduce(result, spare, count, type, call.op());
            Buffer swap = result;
            result = spare;
            spare = swap;
        }
        for (int bit = 1; bit < fold.powerOfTwo; bit <<= 1) {
            int peer = fold.rankOf(fold.folded ^ bit);
            s.receive(spare, count, type, peer);
            s.send(result, count, type, peer);
            s.endRound();
            if (peer < s.rank()) {
                s.reduce(spare, result, count, type, call.op());
            } else {
                s.reduce(result, spare, count, type, call.op());
                Buffer swap = result;
                result = spare;
                spare = swap;
            }
        }
        s.copy(result, call.receive(), count, type);
        if (fold.hasPartner()) {
            s.send(call.receive(), count, type, s.after(1));
        }
    }
}
