package org.isthmus.comm.coll;

/**
 * Alltoall in p - 1 rounds; in round k every rank sends to the one k after it and receives from the one k before it.
 * Chosen for long blocks: each receiver serves one sender at a time.
 *
 * <p>Cost: (p - 1) alpha + (p - 1) n beta, n a block.
 */
final class AlltoallPairwise implements Algorithm {
    @Override
    public String name() {
        return "pairwise";
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        int rank = s.rank();
        s.copy(call.send(rank), call.sendCount(), call.sendType(), call.receive(rank), call.receiveCount(),
                call.receiveType());
        for (int distance = 1; distance < s.size(); distance++) {
            int source = s.before(distance);
            int dest = s.after(distance);
            s.receive(call.receive(source), call.receiveCount(), call.receiveType(), source);
            s.send(call.send(dest), call.sendCount(), call.sendType(), dest);
            s.endRound();
        }
    }
}
