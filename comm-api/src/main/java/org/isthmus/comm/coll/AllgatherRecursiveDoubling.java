package org.isthmus.comm.coll;

/**
 * Allgather by exchanging all blocks held with a partner twice as far away each time. Chosen for short and medium
 * blocks: fewest rounds, no copy aside.
 *
 * <p>Cost: log2 p alpha + (p - 1) / p n beta, n all blocks. Needs a power of two of ranks and less than 2 GiB in all.
 */
final class AllgatherRecursiveDoubling implements Algorithm {
    @Override
    public String name() {
        return "recursive_doubling";
    }

    @Override
    public boolean supports(CollectiveCall call) {
        return Integer.bitCount(call.size()) == 1 && call.bytes() <= Integer.MAX_VALUE;
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        int rank = s.rank();
        if (!call.isInPlace()) {
            s.copy(call.send(), call.sendCount(), call.sendType(), call.receive(rank), call.receiveCount(),
                    call.receiveType());
        }
        for (int held = 1; held < s.size(); held <<= 1) {
            int peer = rank ^ held;
            int count = held * call.receiveCount();
            s.receive(call.receive(peer & -held), count, call.receiveType(), peer);
            s.send(call.receive(rank & -held), count, call.receiveType(), peer);
            s.endRound();
        }
    }
}
