package org.isthmus.comm.coll;

/**
 * Gather and gatherv: every rank sends to the root, which receives straight into place. Chosen for long blocks, which a
 * tree would copy several times, and for gatherv, where only the root knows the counts.
 *
 * <p>Cost at the root: (p - 1) (alpha + n beta), n a block.
 */
final class GatherLinear implements Algorithm {
    @Override
    public String name() {
        return "linear";
    }

    @Override
    public void build(CollectiveCall call, Schedule s) {
        int root = call.root();
        if (s.rank() != root) {
            s.send(call.send(), call.sendCount(), call.sendType(), root);
            return;
        }
        for (int distance = 1; distance < s.size(); distance++) {
            int source = s.after(distance);
            s.receive(call.receive(source), call.receiveCount(source), call.receiveType(), source);
        }
        if (!call.isInPlace()) {
            s.copy(call.send(), call.sendCount(), call.sendType(), call.receive(root), call.receiveCount(root),
                    call.receiveType());
        }
    }
}
