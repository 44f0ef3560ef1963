package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Allgather after Bruck et al. (1997): every rank collects the blocks of itself and those after it, doubling their
 * number each round, and turns them into place at the end. Chosen for short blocks when the number of ranks is no power
 * of two: fewest rounds.
 *
 * <p>Cost: ceil(log2 p) alpha + (p - 1) / p n beta, and one more copy of all blocks, n all blocks. Less than 2 GiB in
 * all.
 */
final class AllgatherBruck implements Algorithm {
    @Override
    public String name() {
        return "bruck";
    }

    @Override
    public boolean supports(CollectiveCall call) {
        return call.bytes() <= Integer.MAX_VALUE;
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        int rank = s.rank();
        int size = s.size();
        TypeMap type = call.receiveType();
        int count = call.receiveCount();
        TypeMap packed = Schedule.packedType(type);
        int block = Schedule.packedCount(count, type);
        Buffer held = s.temporary(size * block, packed);
        if (call.isInPlace()) {
            s.copy(call.receive(rank), count, type, held, block, packed);
        } else {
            s.copy(call.send(), call.sendCount(), call.sendType(), held, block, packed);
        }
        for (int have = 1; have < size; have <<= 1) {
            int more = Math.min(have, size - have);
            s.receive(held.at(have * block * packed.size()), more * block, packed, s.after(have));
            s.send(held, more * block, packed, s.before(have));
            s.endRound();
        }
        int upper = size - rank;
        s.copy(held, upper * block, packed, call.receive(rank), upper * count, type);
        s.copy(held.at(upper * block * packed.size()), rank * block, packed, call.receive(0), rank * count, type);
    }
}
