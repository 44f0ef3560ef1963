package org.isthmus.comm.coll;

/**
 * Alltoall, alltoallv and alltoallw: sends and receives of all pairs, a batch of them under way at a time, every rank
 * beginning with the rank after it. Chosen for medium blocks, where waiting for each message would cost more than the
 * disorder of many, and for the v and w forms, where no rank knows all counts.
 *
 * <p>Cost: (p - 1) alpha + (p - 1) n beta, n a block. In the v and w forms empty blocks are not sent.
 */
final class AlltoallScattered implements Algorithm {
    /** Partners in one round. */
    private static final int BATCH = 32;

    @Override
    public String name() {
        return "scattered";
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        boolean regular = call.kind() == CollectiveKind.ALLTOALL;
        int rank = s.rank();
        for (int first = 1; first < s.size(); first += BATCH) {
            int end = Math.min(first + BATCH, s.size());
            for (int distance = first; distance < end; distance++) {
                int source = s.before(distance);
                if (regular || call.receiveCount(source) * call.receiveType(source).size() > 0) {
                    s.receive(call.receive(source), call.receiveCount(source), call.receiveType(source), source);
                }
            }
            for (int distance = first; distance < end; distance++) {
                int dest = s.after(distance);
                if (regular || call.sendCount(dest) * call.sendType(dest).size() > 0) {
                    s.send(call.send(dest), call.sendCount(dest), call.sendType(dest), dest);
                }
            }
            s.endRound();
        }
        s.copy(call.send(rank), call.sendCount(rank), call.sendType(rank), call.receive(rank), call.receiveCount(rank),
                call.receiveType(rank));
    }
}
