package org.isthmus.comm.coll;

/**
 * Allgather and allgatherv around a ring: every rank passes on the block that came last. Chosen for long blocks and for
 * allgatherv: talks to its neighbours only, and moves every byte once.
 *
 * <p>Cost: (p - 1) alpha + (p - 1) / p n beta, n all blocks.
 */
final class AllgatherRing implements Algorithm {
    @Override
    public String name() {
        return "ring";
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        int rank = s.rank();
        if (!call.isInPlace()) {
            s.copy(call.send(), call.sendCount(), call.sendType(), call.receive(rank), call.receiveCount(rank),
                    call.receiveType());
        }
        for (int step = 0; step < s.size() - 1; step++) {
            int out = s.before(step);
            int in = s.before(step + 1);
            s.receive(call.receive(in), call.receiveCount(in), call.receiveType(), s.before(1));
            s.send(call.receive(out), call.receiveCount(out), call.receiveType(), s.after(1));
            s.endRound();
        }
    }
}
