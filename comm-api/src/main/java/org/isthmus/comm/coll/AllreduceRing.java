package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Allreduce around a ring: p pieces are reduced on their way round, then passed round once more. Chosen for long
 * vectors: talks to its neighbours only, every message n / p bytes, no extra cost when p is no power of two.
 *
 * <p>Cost: 2 (p - 1) alpha + 2 (p - 1) / p n beta + (p - 1) / p n gamma. Commutative, divisible ops only.
 */
final class AllreduceRing implements Algorithm {
    @Override
    public String name() {
        return "ring";
    }

    @Override
    public boolean supports(CollectiveCall call) {
        return call.op().isCommutative() && call.op().isDivisible(call.receiveType());
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        int size = s.size();
        TypeMap type = call.receiveType();
        Buffer vector = call.receive();
        int[] bounds = RecursiveHalving.evenBounds(call.receiveCount(), size);
        s.copy(call.send(), vector, call.receiveCount(), type);
        Buffer spare = s.temporary((call.receiveCount() + size - 1) / size, type);
        for (int step = 0; step < 2 * (size - 1); step++) {
            boolean reducing = step < size - 1;
            // Rank r ends the first half with piece r + 1 complete, and begins the second half with it.
            int out = s.before(step);
            int in = s.before(step + 1);
            int count = bounds[in + 1] - bounds[in];
            Buffer piece = vector.at(bounds[in] * type.extent());
            s.receive(reducing ? spare : piece, count, type, s.before(1));
            s.send(vector.at(bounds[out] * type.extent()), bounds[out + 1] - bounds[out], type, s.after(1));
            s.endRound();
            if (reducing) {
                s.reduce(spare, piece, count, type, call.op());
            }
        }
    }
}
