package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;

/**
 * Dissemination barrier (Hensgen, Finkel and Manber, 1988): in round k every rank tells the one 2^k after it that it,
 * and all it has heard of, have come. Chosen always: no other needs fewer rounds.
 *
 * <p>Cost: ceil(log2 p) alpha.
 */
final class BarrierDissemination implements Algorithm {
    private static final Buffer EMPTY = new Buffer(new byte[0], 0);

    @Override
    public String name() {
        return "dissemination";
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        TypeMap type = TypeMap.of(Primitive.BYTE);
        for (int distance = 1; distance < s.size(); distance <<= 1) {
            s.receive(EMPTY, 0, type, s.before(distance));
            s.send(EMPTY, 0, type, s.after(distance));
            s.endRound();
        }
    }
}
