package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;

/**
 * Alltoall after Bruck et al. (1997): in round k every rank hands the one 2^k after it, in one message, all blocks
 * whose remaining way has bit k set. Chosen for short blocks on many ranks: log2 p messages in place of p - 1, each
 * block travelling up to log2 p times.
 *
 * <p>Cost: ceil(log2 p) (alpha + p / 2 n beta), n a block, and about log2 p copies of all blocks. All blocks of a rank
 * together must stay below 2 GiB.
 */
final class AlltoallBruck implements Algorithm {
    @Override
    public String name() {
        return "bruck";
    }

    @Override
    public boolean supports(CollectiveCall call) {
        return call.bytes() * call.size() <= Integer.MAX_VALUE;
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        int size = s.size();
        TypeMap type = call.receiveType();
        TypeMap packed = Schedule.packedType(type);
        int block = Schedule.packedCount(call.receiveCount(), type);
        long blockBytes = block * packed.size();
        // Block i of it has i ranks to go, once it has come through all rounds below the highest bit of i.
        Buffer onTheWay = s.temporary(size * block, packed);
        for (int i = 0; i < size; i++) {
            s.copy(call.send(s.after(i)), call.sendCount(), call.sendType(), onTheWay.at(i * blockBytes), block,
                    packed);
        }
        Buffer out = s.temporary((size + 1) / 2 * block, packed);
        Buffer in = s.temporary((size + 1) / 2 * block, packed);
        for (int bit = 1; bit < size; bit <<= 1) {
            int moving = 0;
            for (int i = bit; i < size; i++) {
                if ((i & bit) != 0) {
                    s.copy(onTheWay.at(i * blockBytes), out.at(moving++ * blockBytes), block, packed);
                }
            }
            s.receive(in, moving * block, packed, s.before(bit));
            s.send(out, moving * block, packed, s.after(bit));
            s.endRound();
            moving = 0;
            for (int i = bit; i < size; i++) {
                if ((i & bit) != 0) {
                    s.copy(in.at(moving++ * blockBytes), onTheWay.at(i * blockBytes), block, packed);
                }
            }
        }
        for (int i = 0; i < size; i++) {
            s.copy(onTheWay.at(i * blockBytes), block, packed, call.receive(s.before(i)), call.receiveCount(), type);
        }
    }
}
